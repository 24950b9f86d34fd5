#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "naevus/base/random.hpp"
#include "naevus/image/image.hpp"

namespace naevus::copies {

/// A skin-like picture that no other seed gives: a round dark spot, the same in all, on a ground with texture of its
/// own at every scale.
inline image::Image rendered(std::uint64_t seed, int width = 160, int height = 160, double texture = 12) {
  Random random(seed);
  image::Image picture(width, height);
  std::vector<double> level(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  for (const int cells : {4, 9, 20, 45}) {  // value noise: random levels on a grid, with straight lines between
    const auto side = static_cast<std::size_t>(cells) + 2;
    std::vector<double> grid(side * side);
    for (double& value : grid) value = random.uniform(-texture, texture);
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        const double u = static_cast<double>(x) * cells / width, v = static_cast<double>(y) * cells / height;
        const auto i = static_cast<std::size_t>(u), j = static_cast<std::size_t>(v);
        const double fu = u - std::floor(u), fv = v - std::floor(v);
        const auto at = [&](std::size_t dx, std::size_t dy) { return grid[(j + dy) * side + i + dx]; };
        level[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)] +=
            (1 - fv) * ((1 - fu) * at(0, 0) + fu * at(1, 0)) + fv * ((1 - fu) * at(0, 1) + fu * at(1, 1));
      }
    }
  }
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const double dx = (x + 0.5) / width - 0.5, dy = (y + 0.5) / height - 0.5;
      const double spot = 90 / (1 + std::exp((std::sqrt(dx * dx + dy * dy) - 0.22) * 40));
      const double value =
          level[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)];
      for (int c = 0; c < 3; ++c)
        picture.at(x, y)[c] = static_cast<std::uint8_t>(std::clamp(190 - 25.0 * c - spot + value, 0.0, 255.0));
    }
  }
  return picture;
}

}  // namespace naevus::copies
