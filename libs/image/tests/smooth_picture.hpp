#pragma once
#include <cmath>

#include "naevus/image/image.hpp"

namespace naevus::image {

/// Smooth, and different along x, along y and per channel.
inline Image smooth_picture(int width, int height) {
  Image image(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const double u = (x + 0.5) / width, v = (y + 0.5) / height;
      image.at(x, y)[0] = static_cast<std::uint8_t>(30 + 190 * u);
      image.at(x, y)[1] = static_cast<std::uint8_t>(40 + 170 * v);
      image.at(x, y)[2] = static_cast<std::uint8_t>(128 + 80 * std::sin(3 * u + 2 * v));
    }
  }
  return image;
}

}  // namespace naevus::image
