#include "augment_camera.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "naevus/base/random.hpp"

namespace naevus::image {
namespace {

constexpr int table_bits = 12;
constexpr std::size_t table_size = std::size_t{1} << table_bits;

/// Distribution function of the standard normal.
double normal_below(double z) {
  return 0.5 * std::erfc(-z / std::sqrt(2.0));
}

/// Quantiles of the standard normal at the middles of equal shares, rising: a uniform index draws from it.
std::array<float, table_size> make_quantiles() {
  std::array<float, table_size> quantiles{};
  double z = -5;
  for (std::size_t i = 0; i < table_size; ++i) {
    const double share = (static_cast<double>(i) + 0.5) / table_size;
    double low = z, high = 5;
    while (high - low > 1e-7) {
      const double middle = (low + high) / 2;
      (normal_below(middle) < share ? low : high) = middle;
    }
    z = low;
    quantiles[i] = static_cast<float>(z);
  }
  return quantiles;
}

}  // namespace

void blur(Image& image, double sigma) {
  cv::Mat pixels(image.height, image.width, CV_8UC3, image.pixels.data());
  cv::GaussianBlur(pixels, pixels, {}, sigma, sigma, cv::BORDER_REFLECT_101);
}

void add_noise(Image& image, double sigma, std::uint64_t seed) {
  static const std::array<float, table_size> quantiles = make_quantiles();
  std::array<std::int16_t, table_size> levels{};
  for (std::size_t i = 0; i < table_size; ++i)
    levels[i] = static_cast<std::int16_t>(std::lround(sigma * static_cast<double>(quantiles[i])));
  Random random(seed);
  const auto add = [&](std::uint8_t* samples, std::size_t count) {
    std::uint64_t bits = random.next();
    for (std::size_t i = 0; i < count; ++i, bits >>= table_bits)
      samples[i] = static_cast<std::uint8_t>(std::clamp(samples[i] + levels[bits % table_size], 0, 255));
  };
  constexpr std::size_t at_once = 64 / table_bits;
  const std::size_t size = image.pixels.size(), whole = size - size % at_once;
  for (std::size_t i = 0; i < whole; i += at_once) add(&image.pixels[i], at_once);
  if (whole < size) add(&image.pixels[whole], size - whole);
}

}  // namespace naevus::image
