#include "naevus/image/colour_constancy.hpp"

#include <algorithm>
#include <cmath>

#include "naevus/base/error.hpp"

namespace naevus::image {
namespace {

using Histogram = std::array<std::uint64_t, 256>;

/// The Minkowski mean of a channel's values; p = 0 stands for infinity.
double minkowski(const Histogram& count, int p) {
  if (p == 0) {
    int largest = 255;
    while (largest > 0 && count[static_cast<std::size_t>(largest)] == 0) --largest;
    return largest;
  }
  double sum = 0, total = 0;
  for (std::size_t value = 0; value < count.size(); ++value) {
    const auto pixels = static_cast<double>(count[value]);
    sum += pixels * std::pow(static_cast<double>(value) / 255, p);
    total += pixels;
  }
  return 255 * std::pow(sum / total, 1.0 / p);
}

int power_of(ColourConstancy how) {
  return how == ColourConstancy::grey_world ? 1 : how == ColourConstancy::shades_of_grey ? 6 : 0;
}

}  // namespace

std::array<float, 3> colour_gains(std::span<const std::uint8_t> pixels, ColourConstancy how) {
  if (pixels.size() < 3) throw InputError("the picture has no pixels");
  if (how == ColourConstancy::none) return {1, 1, 1};
  std::array<Histogram, 3> count{};
  for (std::size_t i = 0; i + 2 < pixels.size(); i += 3)
    for (std::size_t c = 0; c < 3; ++c) ++count[c][pixels[i + c]];

  std::array<double, 3> light{};
  double squares = 0;
  for (std::size_t c = 0; c < 3; ++c) {
    light[c] = std::max(1.0, minkowski(count[c], power_of(how)));
    squares += light[c] * light[c];
  }
  std::array<float, 3> gains{};
  for (std::size_t c = 0; c < 3; ++c) gains[c] = static_cast<float>(std::sqrt(squares / 3) / light[c]);
  return gains;
}

Image with_colour_constancy(Image image, ColourConstancy how) {
  if (how == ColourConstancy::none) return image;
  const auto gains = colour_gains(image.pixels, how);
  std::array<std::array<std::uint8_t, 256>, 3> table{};
  for (std::size_t c = 0; c < 3; ++c)
    for (std::size_t value = 0; value < 256; ++value)
      table[c][value] = static_cast<std::uint8_t>(std::min(static_cast<float>(value) * gains[c] + 0.5F, 255.0F));
  for (std::size_t i = 0; i < image.pixels.size(); ++i) image.pixels[i] = table[i % 3][image.pixels[i]];
  return image;
}

}  // namespace naevus::image
