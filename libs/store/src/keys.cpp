#include <nlohmann/json.hpp>

#include "connections.hpp"
#include "crypto.hpp"
#include "key_rows.hpp"
#include "naevus/base/error.hpp"
#include "naevus/store/access.hpp"
#include "prediction_rows.hpp"
#include "text_check.hpp"

namespace naevus::store {
namespace {

constexpr const char* prefix = "nv_";
constexpr const char* columns = "SELECT id, name, role, created_at, expires_at, revoked_at FROM api_keys ";

std::optional<Time> optional_time(const soci::row& row, const char* column) {
  if (row.get_indicator(column) == soci::i_null) return std::nullopt;
  return time_of(row.get<long long>(column));
}

ApiKey key_of(const soci::row& row) {
  return {.id = row.get<std::string>("id"),
          .name = row.get<std::string>("name"),
          .role = parse_role(row.get<std::string>("role")),
          .created_at = time_of(row.get<long long>("created_at")),
          .expires_at = optional_time(row, "expires_at"),
          .revoked_at = optional_time(row, "revoked_at")};
}

void insert(Transaction& transaction, const CreatedKey& created) {
  const ApiKey& key = created.key;
  const long long seq = transaction.next("api_keys"), created_at = milliseconds_of(key.created_at),
                  expires_at = milliseconds_of(key.expires_at.value_or(Time()));
  soci::indicator expires = key.expires_at ? soci::i_ok : soci::i_null;
  const std::string role(name(key.role)), hash = blake2b(created.secret);
  transaction.sql << "INSERT INTO api_keys (seq, id, name, role, secret_hash, created_at, expires_at)"
                     " VALUES (:seq, :id, :name, :role, :hash, :created_at, :expires_at)",
      soci::use(seq), soci::use(key.id), soci::use(key.name), soci::use(role), soci::use(hash), soci::use(created_at),
      soci::use(expires_at, expires);
  transaction.audit("key.create", key.id, {{"role", role}});
}

}  // namespace

std::optional<ApiKey> valid_key(soci::session& sql, const std::string& column, const std::string& value, Time at) {
  soci::row row;
  sql << columns << "WHERE " << column << " = :value", soci::use(value), soci::into(row);
  if (!sql.got_data()) return std::nullopt;
  ApiKey key = key_of(row);
  if (key.revoked_at || (key.expires_at && *key.expires_at <= at)) return std::nullopt;
  return key;
}

CreatedKey create_key(Database& database, const Actor& actor, const NewKey& wanted) {
  check_text(wanted.name, "name", 200);
  if (wanted.name.empty()) throw InputError("a key needs a name, for who or what it is", "name");
  CreatedKey created;
  created.key = {.id = random_hex(8),
                 .name = wanted.name,
                 .role = wanted.role,
                 .created_at = now(),
                 .expires_at = wanted.expires_at};
  created.secret = prefix + random_base64url(32);
  if (wanted.expires_at && *wanted.expires_at <= created.key.created_at)
    throw InputError("the key would have expired already", as_text(*wanted.expires_at));
  database.connections().write(actor, [&](Transaction& transaction) { insert(transaction, created); });
  return created;
}

std::vector<ApiKey> list_keys(Database& database) {
  return database.connections().read([](soci::session& sql) {
    std::vector<ApiKey> keys;
    const soci::rowset<soci::row> rows = (sql.prepare << columns << "ORDER BY seq");
    for (const auto& row : rows) keys.push_back(key_of(row));
    return keys;
  });
}

bool revoke_key(Database& database, const Actor& actor, const std::string& id) {
  return database.connections().write(actor, [&](Transaction& transaction) {
    soci::row row;
    transaction.sql << columns << "WHERE id = :id", soci::use(id), soci::into(row);
    if (!transaction.sql.got_data()) return false;
    if (!key_of(row).revoked_at) {
      const long long at = milliseconds_of(now());
      transaction.sql << "UPDATE api_keys SET revoked_at = :at WHERE id = :id", soci::use(at), soci::use(id);
      transaction.audit("key.revoke", id, nlohmann::json::object());
    }
    return true;
  });
}

std::optional<ApiKey> find_key(Database& database, std::string_view secret, Time at) {
  if (!secret.starts_with(prefix)) return std::nullopt;
  return database.connections().read(
      [&](soci::session& sql) { return valid_key(sql, "secret_hash", blake2b(secret), at); });
}

}  // namespace naevus::store
