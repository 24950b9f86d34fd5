#include "conditional.hpp"

#include <string_view>

#include "field_list.hpp"

namespace naevus::server {
namespace {

/// What the weak comparison looks at.
std::string_view opaque(std::string_view tag) {
  if (tag.starts_with("W/")) tag.remove_prefix(2);
  return tag;
}

}  // namespace

bool has_already(const Head& head, const std::string& tag) {
  for (const std::string& one : list_of(head.fields, "if-none-match"))
    if (one == "*" || opaque(one) == opaque(tag)) return true;
  return false;
}

Fields tagged(const std::string& tag) {
  return {{"ETag", tag}, {"Cache-Control", "private, no-cache"}};
}

}  // namespace naevus::server
