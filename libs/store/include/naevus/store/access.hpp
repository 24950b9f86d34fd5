#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "naevus/store/database.hpp"
#include "naevus/store/types.hpp"

namespace naevus::store {

/// What somebody may do; each role may do what those before it may.
enum class Role { viewer, clinician, reviewer, admin };

/// "viewer", "clinician", "reviewer", "admin".
std::string_view name(Role role);

/// @throws InputError if it is the name of none
Role parse_role(const std::string& text);

/// A key of the API. Its secret is nowhere kept, only the BLAKE2b-256 of it.
struct ApiKey {
  std::string id;    ///< 16 hexadecimal digits
  std::string name;  ///< what it is for, in its maker's words
  Role role = Role::viewer;
  Time created_at;
  std::optional<Time> expires_at;
  std::optional<Time> revoked_at;

  Actor actor() const { return {"key:" + id}; }
};

struct CreatedKey {
  ApiKey key;
  std::string secret;  ///< "nv_" and 256 random bits as base64url; can't be had again
};

struct NewKey {
  std::string name;
  Role role = Role::viewer;
  std::optional<Time> expires_at;
};
/// @throws InputError if the name is empty or longer than 200 bytes, or the key would have expired already
CreatedKey create_key(Database& database, const Actor& actor, const NewKey& wanted);

/// All keys, also expired and revoked ones, oldest first.
std::vector<ApiKey> list_keys(Database& database);

/// @return false where there is no such key; revoking twice changes nothing
bool revoke_key(Database& database, const Actor& actor, const std::string& id);

/// The key with this secret, if it is valid at that time.
std::optional<ApiKey> find_key(Database& database, std::string_view secret, Time at = now());

/// Somebody who signs in on the page.
struct User {
  std::string id;    ///< 16 hexadecimal digits
  std::string name;  ///< unique
  Role role = Role::viewer;
  Time created_at;

  Actor actor() const { return {"user:" + id}; }
};

struct NewUser {
  std::string name;
  Role role = Role::viewer;
  std::string password;  ///< kept as Argon2id
};
/// @throws InputError if the name is taken, empty or longer than 200 bytes, or the password shorter than 12 or longer
///         than 1024 bytes
User add_user(Database& database, const Actor& actor, const NewUser& wanted);

/// All users, by name.
std::vector<User> list_users(Database& database);

enum class UserRemoval { done, no_such_user, last_admin };

/// Removes a user and ends their sessions. A user can't remove the last admin among them.
UserRemoval remove_user(Database& database, const Actor& actor, const std::string& id);

/// Gives a user another password and ends their sessions.
/// @return false where there is no such user
/// @throws InputError if the password is shorter than 12 or longer than 1024 bytes
bool set_password(Database& database, const Actor& actor, const std::string& id, std::string_view password);

/// The user with this name and password. A wrong name takes as long as a wrong password (about 0.1 s, 64 MiB).
std::optional<User> find_user(Database& database, const std::string& name, std::string_view password);

}  // namespace naevus::store
