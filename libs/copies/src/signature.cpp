#include "naevus/copies/signature.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <type_traits>
#include <vector>

#include "naevus/base/error.hpp"
#include "naevus/base/hash.hpp"
#include "plane.hpp"

namespace naevus::copies {
namespace {

static_assert(std::is_trivially_copyable_v<Signature> && sizeof(Signature) <= 1024);

/// Sums one number a pixel, made of its colour and of how far it lies from the picture's middle along each axis: the
/// product of the two distances' numbers is the same for the places that the symmetries exchange, and no others.
std::uint64_t exact_hash(const image::Image& picture) {
  constexpr std::uint64_t place = 0x9E3779B97F4A7C15;  // odd, without a pattern
  const auto from_middle = [](int i, int size) {
    return place + static_cast<std::uint64_t>(std::abs(2 * i - size + 1));
  };
  std::vector<std::uint64_t> column(static_cast<std::size_t>(picture.width));
  for (int x = 0; x < picture.width; ++x) column[static_cast<std::size_t>(x)] = from_middle(x, picture.width);
  std::uint64_t sum = 0;
  for (int y = 0; y < picture.height; ++y) {
    const std::uint64_t row = from_middle(y, picture.height);
    const std::uint8_t* pixel = picture.at(0, y);
    for (const std::uint64_t across : column) {
      const std::uint64_t color = std::uint64_t{pixel[0]} << 16 | std::uint64_t{pixel[1]} << 8 | pixel[2];
      const std::uint64_t mixed = (color + 1) * (row * across);  // black counts too
      sum += mixed ^ mixed >> 32;
      pixel += 3;
    }
  }
  const std::array<std::uint64_t, 3> all{sum, static_cast<std::uint64_t>(std::max(picture.width, picture.height)),
                                         static_cast<std::uint64_t>(std::min(picture.width, picture.height))};
  return hash_64(std::as_bytes(std::span(all)));
}

}  // namespace

Signature signature(const image::Image& picture) {
  if (picture.width <= 0 || picture.height <= 0) throw InputError("the picture has no pixels");
  Signature result{.exact = exact_hash(picture),
                   .pixels = hash128(std::as_bytes(std::span(picture.pixels))),
                   .width = picture.width,
                   .height = picture.height};
  const Plane small = grey_plane(picture, Signature::side, Signature::side);
  const auto [low, high] = std::ranges::minmax(small.values);
  double sum = 0, squares = 0;
  for (const float value : small.values) sum += value - low, squares += (value - low) * (value - low);
  const auto count = static_cast<double>(small.values.size());
  result.deviation = static_cast<float>(std::sqrt(std::max(0.0, squares / count - sum / count * sum / count)));
  const float stretch = high > low ? 255 / (high - low) : 0;
  for (std::size_t i = 0; i < result.thumbnail.size(); ++i)
    result.thumbnail[i] = static_cast<std::uint8_t>(std::lround((small.values[i] - low) * stretch));
  return result;
}

}  // namespace naevus::copies
