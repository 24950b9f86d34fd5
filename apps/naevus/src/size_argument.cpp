#include "size_argument.hpp"

#include <fmt/format.h>

#include <charconv>
#include <string_view>

#include "naevus/base/error.hpp"

namespace naevus::app {
namespace {

int number(std::string_view text, const std::string& whole) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    throw UsageError(fmt::format("'{}' is not a size", whole), "--size",
                     "write WIDTHxHEIGHT, as in 600x450, or one number");
  return value;
}

}  // namespace

Size read_size(const std::string& text) {
  const auto cross = text.find('x');
  const int width = number(std::string_view(text).substr(0, cross), text);
  return {width, cross == std::string::npos ? width : number(std::string_view(text).substr(cross + 1), text)};
}

}  // namespace naevus::app
