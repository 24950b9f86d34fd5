#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "naevus/store/access.hpp"
#include "naevus/store/database.hpp"
#include "naevus/store/types.hpp"

namespace naevus::store {

/// How long somebody stays signed in.
struct SessionLimits {
  std::chrono::milliseconds idle = std::chrono::hours(8);  ///< without a request
  std::chrono::milliseconds whole = std::chrono::days(7);  ///< in all
};

/// From somebody's sign-in to their sign-out. Its secret is nowhere kept, only the BLAKE2b-256 of it.
struct Session {
  std::string id;  ///< 16 hexadecimal digits
  Actor actor;     ///< the user, or the key
  Role role = Role::viewer;
  std::optional<User> user;  ///< nobody where a key began it
  std::string csrf_token;    ///< 64 hexadecimal digits, made of the secret: who can't read our answers does not have it
  Time created_at;
  Time ends_at;  ///< at the latest
};

struct StartedSession {
  Session session;
  std::string secret;  ///< 256 random bits as base64url; can't be had again
};

/// Starts a session of the user with this name and password, and forgets those that have ended.
/// @return nothing where name or password is wrong; both take as long (about 0.1 s, 64 MiB)
std::optional<StartedSession> sign_in(Database& database, const std::string& name, std::string_view password,
                                      const SessionLimits& limits = {}, Time at = now());

/// Starts a session of the API key with this secret, as sign_in does: for a browser, which sends a cookie by itself but
/// no key. It has the key's role, and ends with the key at the latest: when that is revoked or expires.
/// @return nothing where no valid key has this secret
std::optional<StartedSession> sign_in_with_key(Database& database, std::string_view key,
                                               const SessionLimits& limits = {}, Time at = now());

/// The session with this secret, if it lasts at that time; it counts as a use, to a hundredth of the idle time.
std::optional<Session> find_session(Database& database, std::string_view secret, const SessionLimits& limits = {},
                                    Time at = now());

/// @return false where there is no such session
bool end_session(Database& database, const Actor& actor, const std::string& id);

}  // namespace naevus::store
