#pragma once
#include <cstdint>
#include <string_view>

#include "naevus/image/image.hpp"

namespace naevus::copies {

/// One of the eight symmetries of the square: bit 4 transposes (rows become columns), and then bit 1 mirrors left to
/// right and bit 2 top to bottom. 0 leaves the picture as it is, 3 is the half turn, 5 the quarter turn clockwise, 6
/// the quarter turn counter-clockwise.
using Symmetry = std::uint8_t;
inline constexpr Symmetry symmetries = 8;

/// What a person calls it: "as it is", "mirrored", "turned by 90°" …
std::string_view symmetry_name(Symmetry symmetry);

/// The symmetry that undoes this one.
constexpr Symmetry inverse(Symmetry s) {
  // Mirrors trade places when a transposition is pulled through them.
  return s < 4 ? s : static_cast<Symmetry>(4 | (s & 1) << 1 | (s & 2) >> 1);
}

/// The one symmetry that does `first` and then `second`.
constexpr Symmetry then(Symmetry first, Symmetry second) {
  const int mirrors = (second & 4) == 0 ? first & 3 : (first & 1) << 1 | (first & 2) >> 1;
  return static_cast<Symmetry>(((first ^ second) & 4) | (mirrors ^ (second & 3)));
}

/// The picture, mirrored and turned without loss.
image::Image turned(const image::Image& picture, Symmetry symmetry);

/// Where pixel (x, y) of the turned picture stands in the picture as it was, given the turned one's size.
struct Place {
  int x, y;
};
constexpr Place place_before(Symmetry symmetry, int x, int y, int width, int height) {
  if ((symmetry & 1) != 0) x = width - 1 - x;
  if ((symmetry & 2) != 0) y = height - 1 - y;
  return (symmetry & 4) != 0 ? Place{y, x} : Place{x, y};
}

}  // namespace naevus::copies
