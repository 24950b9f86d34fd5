#include "naevus/clean/thumbnail.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "naevus/copies/symmetry.hpp"
#include "naevus/image/encode.hpp"
#include "naevus/image/prepare.hpp"
#include "naevus/image/shrink.hpp"

namespace naevus::clean {
namespace {

using image::Image;

/// The picture shrunk into a square of that side, centred on black.
Image fitted(const Image& picture, int side) {
  const Image small = image::shrunk(picture, side);
  Image result(side, side);
  const int left = (side - small.width) / 2, top = (side - small.height) / 2;
  for (int y = 0; y < small.height; ++y)
    std::copy_n(small.at(0, y), 3 * static_cast<std::size_t>(small.width), result.at(left, top + y));
  return result;
}

double correlation(const Image& a, const Image& b) {
  double sum_a = 0, sum_b = 0, aa = 0, bb = 0, ab = 0;
  const auto n = static_cast<double>(a.pixels.size());
  for (std::size_t i = 0; i < a.pixels.size(); ++i) {
    const double x = a.pixels[i], y = b.pixels[i];
    sum_a += x, sum_b += y, aa += x * x, bb += y * y, ab += x * y;
  }
  const double spread = (aa - sum_a * sum_a / n) * (bb - sum_b * sum_b / n);
  return spread > 0 ? (ab - sum_a * sum_b / n) / std::sqrt(spread) : 0;
}

/// The symmetry that makes the second picture lie as the first one does, as far as a small square of each tells.
copies::Symmetry likeness(const Image& first, const Image& second) {
  constexpr int side = 24;
  const Image a = image::resize(first, side, side), b = image::resize(second, side, side);
  copies::Symmetry best = 0;
  double highest = -2;
  for (copies::Symmetry s = 0; s < copies::symmetries; ++s) {
    const double value = correlation(a, copies::turned(b, s));
    if (value > highest + 1e-9) highest = value, best = s;
  }
  return best;
}

}  // namespace

Image turned_like(const Image& picture, const Image& other) {
  return copies::turned(picture, likeness(other, picture));
}

std::vector<std::byte> thumbnail(const Image& first, const std::optional<Image>& second, int side) {
  constexpr int quality = 80, gap = 4;
  if (!second) return image::encode_jpeg(fitted(first, side), quality);
  const Image left = fitted(first, side);
  const Image right = fitted(turned_like(*second, first), side);
  Image both(2 * side + gap, side);
  std::fill(both.pixels.begin(), both.pixels.end(), std::uint8_t{255});
  for (int y = 0; y < side; ++y) {
    std::copy_n(left.at(0, y), 3 * static_cast<std::size_t>(side), both.at(0, y));
    std::copy_n(right.at(0, y), 3 * static_cast<std::size_t>(side), both.at(side + gap, y));
  }
  return image::encode_jpeg(both, quality);
}

}  // namespace naevus::clean
