#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace naevus::image {

/// Which pixels of a picture belong to something: 255 in it, 0 outside; rows from the top, no padding.
struct Mask {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> values;

  Mask() = default;
  Mask(int w, int h) : width(w), height(h), values(static_cast<std::size_t>(w) * static_cast<std::size_t>(h)) {}

  bool at(int x, int y) const {
    return values[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)] != 0;
  }
  bool operator==(const Mask&) const = default;
};

}  // namespace naevus::image
