#include "naevus/store/sessions.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "connections.hpp"
#include "crypto.hpp"
#include "key_rows.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/log.hpp"
#include "prediction_rows.hpp"
#include "user_rows.hpp"

namespace naevus::store {
namespace {

std::string csrf_token_of(std::string_view secret) {
  return blake2b("csrf " + std::string(secret));
}

void forget_ended(soci::session& sql, const SessionLimits& limits, Time at) {
  const long long now = milliseconds_of(at), idle_since = milliseconds_of(at - limits.idle);
  sql << "DELETE FROM sessions WHERE ends_at <= :now OR seen_at <= :idle_since", soci::use(now), soci::use(idle_since);
}

/// Of a user, or of a key.
struct Holder {
  const char* column;  ///< of table sessions
  const char* name;    ///< in the audit log
  std::string id;
};

StartedSession started_at(Time at, const SessionLimits& limits) {
  StartedSession started;
  started.secret = random_base64url(32);
  started.session = {
      .id = random_hex(8), .csrf_token = csrf_token_of(started.secret), .created_at = at, .ends_at = at + limits.whole};
  return started;
}

void insert(Transaction& transaction, const StartedSession& started, const Holder& holder) {
  const Session& session = started.session;
  const std::string hash = blake2b(started.secret);
  const long long created_at = milliseconds_of(session.created_at), ends_at = milliseconds_of(session.ends_at);
  transaction.sql << "INSERT INTO sessions (id, " << holder.column
                  << ", secret_hash, created_at, seen_at, ends_at)"
                     " VALUES (:id, :holder, :hash, :created_at, :seen_at, :ends_at)",
      soci::use(session.id), soci::use(holder.id), soci::use(hash), soci::use(created_at), soci::use(created_at),
      soci::use(ends_at);
  transaction.audit("session.begin", session.id, {{holder.name, holder.id}});
}

/// False where the user was removed or got another password since.
bool is_still(soci::session& sql, const KnownUser& known) {
  long long same = 0;
  sql << "SELECT COUNT(*) FROM users WHERE id = :id AND password_hash = :hash", soci::use(known.user.id),
      soci::use(known.password_hash), soci::into(same);
  return same != 0;
}

/// Fills in who has it. False where there is no such user.
bool give_to_user(soci::session& sql, Session& session, const std::string& id) {
  soci::row row;
  sql << "SELECT id, name, role, created_at FROM users WHERE id = :id", soci::use(id), soci::into(row);
  if (!sql.got_data()) return false;
  session.user = user_of(row);
  session.actor = session.user->actor();
  session.role = session.user->role;
  return true;
}

/// The same of a key; false also where it is no longer valid.
bool give_to_key(soci::session& sql, Session& session, const std::string& id, Time at) {
  const auto key = valid_key(sql, "id", id, at);
  if (!key) return false;
  session.actor = key->actor();
  session.role = key->role;
  return true;
}

/// What can't be noted, on a full disk, ends the session sooner and harms nothing else.
void note_use(Database& database, const Session& session, Time at) {
  const long long seen_at = milliseconds_of(at);
  try {
    database.connections().write(session.actor, [&](Transaction& transaction) {
      transaction.sql << "UPDATE sessions SET seen_at = :seen_at WHERE id = :id", soci::use(seen_at),
          soci::use(session.id);
    });
  } catch (const IoError& error) {
    log::debug(std::string("a session's use could not be noted: ") + error.what());
  }
}

}  // namespace

std::optional<StartedSession> sign_in(Database& database, const std::string& name, std::string_view password,
                                      const SessionLimits& limits, Time at) {
  const auto known = know_user(database, name, password);
  if (!known) return std::nullopt;
  StartedSession started = started_at(at, limits);
  started.session.actor = known->user.actor();
  started.session.role = known->user.role;
  started.session.user = known->user;
  const bool inserted = database.connections().write(started.session.actor, [&](Transaction& transaction) {
    forget_ended(transaction.sql, limits, at);
    if (!is_still(transaction.sql, *known)) return false;
    insert(transaction, started, {.column = "user_id", .name = "user", .id = known->user.id});
    return true;
  });
  return inserted ? std::optional(started) : std::nullopt;
}

std::optional<StartedSession> sign_in_with_key(Database& database, std::string_view key, const SessionLimits& limits,
                                               Time at) {
  const auto known = find_key(database, key, at);
  if (!known) return std::nullopt;
  StartedSession started = started_at(at, limits);
  started.session.actor = known->actor();
  started.session.role = known->role;
  if (known->expires_at) started.session.ends_at = std::min(started.session.ends_at, *known->expires_at);
  database.connections().write(started.session.actor, [&](Transaction& transaction) {
    forget_ended(transaction.sql, limits, at);
    insert(transaction, started, {.column = "key_id", .name = "key", .id = known->id});
  });
  return started;
}

std::optional<Session> find_session(Database& database, std::string_view secret, const SessionLimits& limits, Time at) {
  const std::string hash = blake2b(secret);
  Time seen_at;
  auto found = database.connections().read([&](soci::session& sql) -> std::optional<Session> {
    soci::row row;
    sql << "SELECT id AS session, user_id, key_id, created_at AS begun_at, seen_at, ends_at FROM sessions"
           " WHERE secret_hash = :hash",
        soci::use(hash), soci::into(row);
    if (!sql.got_data()) return std::nullopt;
    seen_at = time_of(row.get<long long>("seen_at"));
    Session session{.id = row.get<std::string>("session"),
                    .csrf_token = csrf_token_of(secret),
                    .created_at = time_of(row.get<long long>("begun_at")),
                    .ends_at = time_of(row.get<long long>("ends_at"))};
    const bool known = row.get_indicator("key_id") == soci::i_null
                           ? give_to_user(sql, session, row.get<std::string>("user_id"))
                           : give_to_key(sql, session, row.get<std::string>("key_id"), at);
    return known ? std::optional(session) : std::nullopt;
  });
  if (!found || at >= found->ends_at || at >= seen_at + limits.idle) return std::nullopt;
  if (at - seen_at > limits.idle / 100) note_use(database, *found, at);
  return found;
}

bool end_session(Database& database, const Actor& actor, const std::string& id) {
  return database.connections().write(actor, [&](Transaction& transaction) {
    long long there = 0;
    transaction.sql << "SELECT COUNT(*) FROM sessions WHERE id = :id", soci::use(id), soci::into(there);
    if (there == 0) return false;
    transaction.sql << "DELETE FROM sessions WHERE id = :id", soci::use(id);
    transaction.audit("session.end", id, nlohmann::json::object());
    return true;
  });
}

}  // namespace naevus::store
