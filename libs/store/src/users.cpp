#include <nlohmann/json.hpp>

#include "connections.hpp"
#include "crypto.hpp"
#include "naevus/base/error.hpp"
#include "naevus/store/access.hpp"
#include "prediction_rows.hpp"
#include "text_check.hpp"
#include "user_rows.hpp"

namespace naevus::store {
namespace {

constexpr std::size_t shortest_password = 12, longest_password = 1024;  // bytes

void check_password(std::string_view password) {
  if (password.size() < shortest_password || password.size() > longest_password)
    throw InputError("a password has 12 to 1024 bytes", "password");
}

std::string id_of(soci::session& sql, const std::string& user) {
  std::string id;
  sql << "SELECT id FROM users WHERE name = :name", soci::use(user), soci::into(id);
  return sql.got_data() ? id : "";
}

void insert(Transaction& transaction, const User& user, const std::string& password_hash) {
  if (!id_of(transaction.sql, user.name).empty()) throw InputError("there is a user of this name", user.name);
  const std::string role(name(user.role));
  const long long created_at = milliseconds_of(user.created_at);
  transaction.sql << "INSERT INTO users (id, name, role, password_hash, created_at)"
                     " VALUES (:id, :name, :role, :hash, :created_at)",
      soci::use(user.id), soci::use(user.name), soci::use(role), soci::use(password_hash), soci::use(created_at);
  transaction.audit("user.add", user.id, {{"role", role}});
}

std::optional<Role> role_of(soci::session& sql, const std::string& id) {
  std::string role;
  sql << "SELECT role FROM users WHERE id = :id", soci::use(id), soci::into(role);
  return sql.got_data() ? std::optional(parse_role(role)) : std::nullopt;
}

bool is_last_admin(soci::session& sql, const std::string& id) {
  long long others = 0;
  sql << "SELECT COUNT(*) FROM users WHERE role = 'admin' AND id <> :id", soci::use(id), soci::into(others);
  return role_of(sql, id) == Role::admin && others == 0;
}

}  // namespace

User user_of(const soci::row& row) {
  return {.id = row.get<std::string>("id"),
          .name = row.get<std::string>("name"),
          .role = parse_role(row.get<std::string>("role")),
          .created_at = time_of(row.get<long long>("created_at"))};
}

User add_user(Database& database, const Actor& actor, const NewUser& wanted) {
  check_text(wanted.name, "name", 200);
  if (wanted.name.empty()) throw InputError("a user needs a name", "name");
  check_password(wanted.password);
  const User user{.id = random_hex(8), .name = wanted.name, .role = wanted.role, .created_at = now()};
  const std::string hash = hash_password(wanted.password);
  database.connections().write(actor, [&](Transaction& transaction) { insert(transaction, user, hash); });
  return user;
}

std::vector<User> list_users(Database& database) {
  return database.connections().read([](soci::session& sql) {
    std::vector<User> users;
    const soci::rowset<soci::row> rows = (sql.prepare << "SELECT id, name, role, created_at FROM users ORDER BY name");
    for (const auto& row : rows) users.push_back(user_of(row));
    return users;
  });
}

UserRemoval remove_user(Database& database, const Actor& actor, const std::string& id) {
  return database.connections().write(actor, [&](Transaction& transaction) {
    if (!role_of(transaction.sql, id)) return UserRemoval::no_such_user;
    if (actor.id.starts_with("user:") && is_last_admin(transaction.sql, id)) return UserRemoval::last_admin;
    transaction.sql << "DELETE FROM users WHERE id = :id", soci::use(id);  // their sessions go with them
    transaction.audit("user.remove", id, nlohmann::json::object());
    return UserRemoval::done;
  });
}

bool set_password(Database& database, const Actor& actor, const std::string& id, std::string_view password) {
  check_password(password);
  const std::string hash = hash_password(password);
  return database.connections().write(actor, [&](Transaction& transaction) {
    if (!role_of(transaction.sql, id)) return false;
    transaction.sql << "UPDATE users SET password_hash = :hash WHERE id = :id", soci::use(hash), soci::use(id);
    transaction.sql << "DELETE FROM sessions WHERE user_id = :id", soci::use(id);
    transaction.audit("user.password", id, nlohmann::json::object());
    return true;
  });
}

std::optional<KnownUser> know_user(Database& database, const std::string& name, std::string_view password) {
  static const std::string nobody = hash_password(random_hex(16));
  std::string hash = nobody;
  const auto user = database.connections().read([&](soci::session& sql) -> std::optional<User> {
    soci::row row;
    sql << "SELECT id, name, role, created_at, password_hash FROM users WHERE name = :name", soci::use(name),
        soci::into(row);
    if (!sql.got_data()) return std::nullopt;
    hash = row.get<std::string>("password_hash");
    return user_of(row);
  });
  if (password.size() > longest_password || !password_matches(hash, password) || !user) return std::nullopt;
  return KnownUser{.user = *user, .password_hash = hash};
}

std::optional<User> find_user(Database& database, const std::string& name, std::string_view password) {
  auto known = know_user(database, name, password);
  return known ? std::optional(std::move(known->user)) : std::nullopt;
}

}  // namespace naevus::store
