#include "naevus/copies/signature.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <type_traits>

#include "naevus/base/error.hpp"
#include "naevus/base/hash.hpp"
#include "plane.hpp"

namespace naevus::copies {
namespace {

static_assert(std::is_trivially_copyable_v<Signature> && sizeof(Signature) <= 1024);

/// A level and its square in one number, so that a sum of up to eight of them holds both sums.
constexpr std::uint32_t joined(std::uint8_t level) {
  return std::uint32_t{level} << 20 | static_cast<std::uint32_t>(level * level);
}

constexpr std::array<std::uint32_t, 256> joined_levels = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::size_t i = 0; i < table.size(); ++i) table[i] = joined(static_cast<std::uint8_t>(i));
  return table;
}();

/// The picture's four quarters laid on each other: ceil(h/2) rows of ceil(w/2) pixels of three sums, the outermost
/// first. Mirroring the picture changes nothing; a middle row or column lies on itself.
std::vector<std::uint32_t> folded(const image::Image& picture) {
  const int columns = (picture.width + 1) / 2, rows = (picture.height + 1) / 2;
  const auto row_size = 3 * static_cast<std::size_t>(picture.width);
  std::vector<std::uint32_t> result, both(row_size);
  result.reserve(3 * static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows));
  for (int y = 0; y < rows; ++y) {
    const std::uint8_t *top = picture.at(0, y), *bottom = picture.at(0, picture.height - 1 - y);
    for (std::size_t i = 0; i < row_size; ++i) both[i] = joined_levels[top[i]] + joined_levels[bottom[i]];
    for (int x = 0; x < columns; ++x) {
      const std::uint32_t* left = both.data() + static_cast<std::ptrdiff_t>(3) * x;
      const std::uint32_t* right = both.data() + static_cast<std::ptrdiff_t>(3) * (picture.width - 1 - x);
      for (int c = 0; c < 3; ++c) result.push_back(left[c] + right[c]);
    }
  }
  return result;
}

std::vector<std::uint32_t> transposed(const std::vector<std::uint32_t>& pixels, std::size_t columns) {
  std::vector<std::uint32_t> result(pixels.size());
  const std::size_t rows = pixels.size() / 3 / columns;
  for (std::size_t y = 0; y < rows; ++y)
    for (std::size_t x = 0; x < columns; ++x)
      std::copy_n(pixels.data() + 3 * (y * columns + x), 3, result.data() + 3 * (x * rows + y));
  return result;
}

std::uint64_t exact_hash(const image::Image& picture) {
  std::vector<std::uint32_t> pixels = folded(picture);
  const auto columns = static_cast<std::size_t>((picture.width + 1) / 2);
  if (picture.width < picture.height) {
    pixels = transposed(pixels, columns);
  } else if (picture.width == picture.height) {
    const auto other = transposed(pixels, columns);
    for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] += other[i];
  }
  pixels.push_back(static_cast<std::uint32_t>(std::max(picture.width, picture.height)));
  pixels.push_back(static_cast<std::uint32_t>(std::min(picture.width, picture.height)));
  return hash_64(std::as_bytes(std::span(pixels)));
}

}  // namespace

Signature signature(const image::Image& picture) {
  if (picture.width <= 0 || picture.height <= 0) throw InputError("the picture has no pixels");
  Signature result{.exact = exact_hash(picture), .width = picture.width, .height = picture.height};
  const Plane small = grey_plane(picture, Signature::side, Signature::side);
  const auto [low, high] = std::ranges::minmax(small.values);
  double sum = 0, squares = 0;
  for (const float value : small.values) sum += value - low, squares += (value - low) * (value - low);
  const auto count = static_cast<double>(small.values.size());
  result.deviation = static_cast<float>(std::sqrt(std::max(0.0, squares / count - sum / count * sum / count)));
  const float stretch = high > low ? 255 / (high - low) : 0;
  for (std::size_t i = 0; i < result.thumbnail.size(); ++i)
    result.thumbnail[i] = static_cast<std::uint8_t>((small.values[i] - low) * stretch + 0.5F);
  return result;
}

}  // namespace naevus::copies
