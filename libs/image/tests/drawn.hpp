#pragma once
#include <algorithm>
#include <array>
#include <cmath>

#include "naevus/base/random.hpp"
#include "naevus/image/image.hpp"

namespace naevus::image {

using Color = std::array<double, 3>;

inline void mix(Image& image, int x, int y, const Color& color, double share) {
  if (x < 0 || y < 0 || x >= image.width || y >= image.height) return;
  for (std::size_t c = 0; c < 3; ++c) {
    std::uint8_t& v = image.at(x, y)[c];
    v = static_cast<std::uint8_t>(std::lround(v + share * (color[c] - v)));
  }
}

/// Skin with fine grain.
inline Image drawn_skin(int width, int height, std::uint64_t seed = 1) {
  Image image(width, height);
  Random random(seed);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const double grain = 3 * random.normal() + 4 * std::sin(x * 0.35) * std::sin(y * 0.31);
      mix(image, x, y, {205 + grain, 160 + grain, 140 + grain}, 1);
    }
  }
  return image;
}

/// A brown disc with a soft rim.
inline void draw_lesion(Image& image, double cx, double cy, double radius, const Color& color = {110, 65, 45}) {
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x)
      mix(image, x, y, color, std::clamp((radius - std::hypot(x + 0.5 - cx, y + 0.5 - cy)) / 3 + 0.5, 0.0, 1.0));
  }
}

/// A straight, antialiased stroke.
inline void draw_line(Image& image, double x0, double y0, double x1, double y1, double width, const Color& color) {
  const double length = std::max(std::hypot(x1 - x0, y1 - y0), 1e-9), ux = (x1 - x0) / length, uy = (y1 - y0) / length;
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      const double along = std::clamp((x + 0.5 - x0) * ux + (y + 0.5 - y0) * uy, 0.0, length);
      const double off = std::hypot(x + 0.5 - x0 - along * ux, y + 0.5 - y0 - along * uy);
      mix(image, x, y, color, std::clamp(width / 2 + 0.5 - off, 0.0, 1.0));
    }
  }
}

/// A lesion on skin.
inline Image drawn_picture(int width = 224, int height = 224) {
  Image image = drawn_skin(width, height);
  draw_lesion(image, width * 0.5, height * 0.5, 0.2 * std::min(width, height));
  return image;
}

/// One of the eight symmetries of the square.
inline Image symmetric(const Image& image, int which) {
  const bool transposed = (which & 4) != 0;
  Image out = transposed ? Image(image.height, image.width) : Image(image.width, image.height);
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) {
      int sx = transposed ? y : x, sy = transposed ? x : y;
      if ((which & 1) != 0) sx = image.width - 1 - sx;
      if ((which & 2) != 0) sy = image.height - 1 - sy;
      std::copy_n(image.at(sx, sy), 3, out.at(x, y));
    }
  }
  return out;
}

}  // namespace naevus::image
