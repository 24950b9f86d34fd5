#pragma once
#include <soci/soci.h>

#include <optional>
#include <string>
#include <string_view>

#include "naevus/store/access.hpp"

namespace naevus::store {

User user_of(const soci::row& row);

/// A user whose password was right, and the hash that it was held to.
struct KnownUser {
  User user;
  std::string password_hash;
};
std::optional<KnownUser> know_user(Database& database, const std::string& name, std::string_view password);

}  // namespace naevus::store
