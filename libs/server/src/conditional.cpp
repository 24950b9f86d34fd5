#include "conditional.hpp"

#include <algorithm>
#include <string_view>

namespace naevus::server {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr const char* blank = " \t";
  const std::size_t begin = std::min(text.find_first_not_of(blank), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_last_not_of(blank) + 1);
}

/// What the weak comparison looks at.
std::string_view opaque(std::string_view tag) {
  if (tag.starts_with("W/")) tag.remove_prefix(2);
  return tag;
}

}  // namespace

bool has_already(const Head& head, const std::string& tag) {
  for (const auto& [name, value] : head.fields) {
    if (name != "if-none-match") continue;
    for (std::string_view rest = value; !rest.empty();) {
      const std::size_t end = std::min(rest.find(','), rest.size());
      const std::string_view one = trimmed(rest.substr(0, end));
      if (one == "*" || opaque(one) == opaque(tag)) return true;
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return false;
}

Fields tagged(const std::string& tag) {
  return {{"ETag", tag}, {"Cache-Control", "private, no-cache"}};
}

}  // namespace naevus::server
