#include "naevus/store/sessions.hpp"

#include <nlohmann/json.hpp>

#include "connections.hpp"
#include "crypto.hpp"
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

/// False where the user was removed or got another password since.
bool insert(Transaction& transaction, const StartedSession& started, const std::string& password_hash) {
  const Session& session = started.session;
  long long same = 0;
  transaction.sql << "SELECT COUNT(*) FROM users WHERE id = :id AND password_hash = :hash", soci::use(session.user.id),
      soci::use(password_hash), soci::into(same);
  if (same == 0) return false;
  const std::string hash = blake2b(started.secret);
  const long long created_at = milliseconds_of(session.created_at), ends_at = milliseconds_of(session.ends_at);
  transaction.sql << "INSERT INTO sessions (id, user_id, secret_hash, created_at, seen_at, ends_at)"
                     " VALUES (:id, :user_id, :hash, :created_at, :seen_at, :ends_at)",
      soci::use(session.id), soci::use(session.user.id), soci::use(hash), soci::use(created_at), soci::use(created_at),
      soci::use(ends_at);
  transaction.audit("session.begin", session.id, {{"user", session.user.id}});
  return true;
}

/// What can't be noted, on a full disk, ends the session sooner and harms nothing else.
void note_use(Database& database, const Session& session, Time at) {
  const long long seen_at = milliseconds_of(at);
  try {
    database.connections().write(session.user.actor(), [&](Transaction& transaction) {
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
  StartedSession started;
  started.secret = random_base64url(32);
  started.session = {.id = random_hex(8),
                     .user = known->user,
                     .csrf_token = csrf_token_of(started.secret),
                     .created_at = at,
                     .ends_at = at + limits.whole};
  const bool inserted = database.connections().write(known->user.actor(), [&](Transaction& transaction) {
    forget_ended(transaction.sql, limits, at);
    return insert(transaction, started, known->password_hash);
  });
  return inserted ? std::optional(started) : std::nullopt;
}

std::optional<Session> find_session(Database& database, std::string_view secret, const SessionLimits& limits, Time at) {
  const std::string hash = blake2b(secret);
  Time seen_at;
  auto found = database.connections().read([&](soci::session& sql) -> std::optional<Session> {
    soci::row row;
    sql << "SELECT u.id, u.name, u.role, u.created_at, s.id AS session, s.created_at AS begun_at, s.seen_at, s.ends_at"
           " FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.secret_hash = :hash",
        soci::use(hash), soci::into(row);
    if (!sql.got_data()) return std::nullopt;
    seen_at = time_of(row.get<long long>("seen_at"));
    return Session{.id = row.get<std::string>("session"),
                   .user = user_of(row),
                   .csrf_token = csrf_token_of(secret),
                   .created_at = time_of(row.get<long long>("begun_at")),
                   .ends_at = time_of(row.get<long long>("ends_at"))};
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
