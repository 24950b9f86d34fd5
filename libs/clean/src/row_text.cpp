#include "row_text.hpp"

#include <fmt/format.h>

#include <charconv>

#include "naevus/base/error.hpp"
#include "naevus/clean/finding.hpp"

namespace naevus::clean {

std::string row_text(std::size_t row) {
  return row == no_row ? std::string() : std::to_string(row + 1);
}

std::size_t row_from(const std::string& text, const std::string& where) {
  if (text.empty()) return no_row;
  std::size_t row = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), row);
  if (error != std::errc{} || end != text.data() + text.size() || row == 0)
    throw InputError(fmt::format("'{}' is no row", text), where);
  return row - 1;
}

}  // namespace naevus::clean
