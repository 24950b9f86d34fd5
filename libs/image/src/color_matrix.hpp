#pragma once
#include <array>

#include "naevus/image/image.hpp"

namespace naevus::image {

struct ColorChange {
  double brightness = 1, contrast = 1, saturation = 1;  ///< factors
  double hue = 0;                                       ///< radians
  std::array<double, 3> white_balance = {1, 1, 1};      ///< factor of each channel

  bool operator==(const ColorChange&) const = default;
};

/// White balance, hue, saturation, brightness, then contrast about the mean luma, as one affine map of RGB: one pass,
/// and nothing is clipped in between.
void change_color(Image& image, const ColorChange& change);

}  // namespace naevus::image
