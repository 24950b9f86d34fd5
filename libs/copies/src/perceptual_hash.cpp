#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numbers>

#include "naevus/copies/fingerprint.hpp"
#include "naevus/image/prepare.hpp"

namespace naevus::copies {
namespace {

constexpr int side = 32, kept = 8;
using Coefficients = std::array<std::array<double, kept>, kept>;  // [u][v]: u down the rows, v along them

/// cos(pi (2x + 1) u / 64), for u < 8.
const std::array<std::array<double, side>, kept>& cosines() {
  static const auto table = [] {
    std::array<std::array<double, side>, kept> values{};
    for (int u = 0; u < kept; ++u)
      for (int x = 0; x < side; ++x)
        values[static_cast<std::size_t>(u)][static_cast<std::size_t>(x)] =
            std::cos(std::numbers::pi * (2 * x + 1) * u / (2 * side));
    return values;
  }();
  return table;
}

Coefficients transform(const image::Image& small) {
  const auto& cosine = cosines();
  std::array<std::array<double, kept>, side> rows{};  // transformed along x
  for (std::size_t y = 0; y < side; ++y) {
    for (std::size_t x = 0; x < side; ++x) {
      const std::uint8_t* pixel = small.at(static_cast<int>(x), static_cast<int>(y));
      const double grey = 0.299 * pixel[0] + 0.587 * pixel[1] + 0.114 * pixel[2];
      for (std::size_t v = 0; v < kept; ++v) rows[y][v] += grey * cosine[v][x];
    }
  }
  Coefficients result{};
  for (std::size_t u = 0; u < kept; ++u)
    for (std::size_t v = 0; v < kept; ++v)
      for (std::size_t y = 0; y < side; ++y) result[u][v] += rows[y][v] * cosine[u][y];
  return result;
}

constexpr std::uint64_t bit(std::size_t u, std::size_t v) {
  return std::uint64_t{1} << (kept * u + v);
}

/// The bits whose sign changes when the picture is mirrored: odd u for top and bottom, odd v for left and right.
constexpr std::uint64_t mirror_mask(bool top_bottom, bool left_right) {
  std::uint64_t mask = 0;
  for (std::size_t u = 0; u < kept; ++u)
    for (std::size_t v = 0; v < kept; ++v)
      if ((top_bottom && u % 2 == 1) != (left_right && v % 2 == 1)) mask |= bit(u, v);
  return mask;
}
constexpr std::array mirrors{mirror_mask(false, false), mirror_mask(false, true), mirror_mask(true, false),
                             mirror_mask(true, true)};

std::uint64_t transposed(std::uint64_t hash) {
  std::uint64_t result = 0;
  for (std::size_t u = 0; u < kept; ++u)
    for (std::size_t v = 0; v < kept; ++v)
      if ((hash & bit(u, v)) != 0) result |= bit(v, u);
  return result;
}

}  // namespace

std::uint64_t perceptual_hash(const image::Image& picture) {
  const Coefficients coefficients = transform(image::resize(picture, side, side));
  // A plain picture's coefficients are rounding noise: they count as nought, not as a sign.
  constexpr double noise = 1e-6;
  std::uint64_t positive = 0, present = 0;
  for (std::size_t u = 0; u < kept; ++u) {
    for (std::size_t v = 0; v < kept; ++v) {
      if (u + v == 0 || std::abs(coefficients[u][v]) < noise) continue;
      present |= bit(u, v);
      if (coefficients[u][v] > 0) positive |= bit(u, v);
    }
  }
  std::uint64_t smallest = ~std::uint64_t{0};
  for (const std::uint64_t mirror : mirrors) {
    const std::uint64_t hash = positive ^ (mirror & present);
    smallest = std::min({smallest, hash, transposed(hash)});
  }
  return smallest;
}

int hash_distance(std::uint64_t a, std::uint64_t b) {
  const std::uint64_t turned = transposed(b);
  int best = 64;
  for (const std::uint64_t mirror : mirrors)
    best = std::min({best, std::popcount(a ^ b ^ mirror), std::popcount(a ^ turned ^ mirror)});
  return best;
}

}  // namespace naevus::copies
