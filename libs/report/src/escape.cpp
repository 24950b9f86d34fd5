#include <cstddef>
#include <cstdint>

#include "naevus/report/page.hpp"

namespace naevus::report {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

/// A code point and the bytes it takes; 0 bytes where the text is not UTF-8 there.
struct Decoded {
  std::uint32_t point = 0;
  std::size_t size = 0;
};

Decoded decode_utf8(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
  const std::uint32_t first = byte(0);
  const std::size_t size = first < 0x80             ? 1
                           : first >> 5 == 0b110    ? 2
                           : first >> 4 == 0b1110   ? 3
                           : first >> 3 == 0b1'1110 ? 4
                                                    : 0;
  if (size == 0 || size > text.size()) return {};
  std::uint32_t point = size == 1 ? first : first & (0x7FU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if (byte(i) >> 6 != 0b10) return {};
    point = point << 6 | (byte(i) & 0x3F);
  }
  constexpr std::uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x1'0000};
  const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  if (point < smallest[size] || point > 0x10'FFFF || surrogate) return {};
  return {point, size};
}

/// Controls that HTML forbids, and the marks that reorder what stands around them.
bool unwanted(std::uint32_t point) {
  const bool control = (point < 0x20 && point != '\t' && point != '\n') || (point >= 0x7F && point < 0xA0);
  const bool reorders = (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
  const bool no_character = point == 0xFFFE || point == 0xFFFF;
  return control || reorders || no_character;
}

}  // namespace

std::string escape(std::string_view text) {
  std::string safe;
  safe.reserve(text.size());
  while (!text.empty()) {
    const Decoded next = decode_utf8(text);
    if (next.size == 0 || unwanted(next.point))
      safe += replacement;
    else if (next.point == '&')
      safe += "&amp;";
    else if (next.point == '<')
      safe += "&lt;";
    else if (next.point == '>')
      safe += "&gt;";
    else if (next.point == '"')
      safe += "&quot;";
    else if (next.point == '\'')
      safe += "&#39;";
    else
      safe += text.substr(0, next.size);
    text.remove_prefix(next.size == 0 ? 1 : next.size);
  }
  return safe;
}

}  // namespace naevus::report
