#include <algorithm>
#include <array>

#include "naevus/base/error.hpp"
#include "naevus/store/access.hpp"

namespace naevus::store {
namespace {

constexpr std::array<std::string_view, 4> roles{"viewer", "clinician", "reviewer", "admin"};

}  // namespace

std::string_view name(Role role) {
  return roles.at(static_cast<std::size_t>(role));
}

Role parse_role(const std::string& text) {
  const auto* const found = std::find(roles.begin(), roles.end(), text);
  if (found == roles.end())
    throw InputError("'" + text + "' is not a role", "role", "write viewer, clinician, reviewer or admin");
  return static_cast<Role>(found - roles.begin());
}

}  // namespace naevus::store
