#include "color_matrix.hpp"

#include <algorithm>
#include <cmath>

namespace naevus::image {
namespace {

using Matrix = std::array<std::array<double, 3>, 3>;

constexpr std::array<double, 3> luma = {0.299, 0.587, 0.114};  // ITU-R BT.601

Matrix product(const Matrix& a, const Matrix& b) {
  Matrix out{};
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j)
      for (std::size_t k = 0; k < 3; ++k) out[i][j] += a[i][k] * b[k][j];
  return out;
}

/// A turn of the chroma plane in YIQ, scaled: luma stays as it is (NTSC matrix and its inverse).
Matrix chroma(double angle, double scale) {
  constexpr Matrix to_yiq = {
      {{0.299, 0.587, 0.114}, {0.595716, -0.274453, -0.321263}, {0.211456, -0.522591, 0.311135}}};
  constexpr Matrix to_rgb = {{{1, 0.956296, 0.621024}, {1, -0.272122, -0.647381}, {1, -1.106989, 1.704615}}};
  const double c = scale * std::cos(angle), s = scale * std::sin(angle);
  return product(to_rgb, product({{{1, 0, 0}, {0, c, -s}, {0, s, c}}}, to_yiq));
}

std::array<double, 3> mean_of(const Image& image) {
  std::array<std::uint64_t, 3> sum{};
  for (std::size_t i = 0; i + 2 < image.pixels.size(); i += 3)
    for (std::size_t c = 0; c < 3; ++c) sum[c] += image.pixels[i + c];
  const double count = static_cast<double>(image.pixels.size()) / 3;
  return {static_cast<double>(sum[0]) / count, static_cast<double>(sum[1]) / count,
          static_cast<double>(sum[2]) / count};
}

}  // namespace

void change_color(Image& image, const ColorChange& change) {
  if (change == ColorChange{}) return;
  Matrix m = chroma(change.hue, change.saturation);
  for (auto& row : m)
    for (std::size_t j = 0; j < 3; ++j) row[j] *= change.white_balance[j] * change.brightness;

  // The map is linear so far: the mean luma after it is the luma of the mapped mean.
  const auto mean = mean_of(image);
  double mean_luma = 0;
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j) mean_luma += luma[i] * m[i][j] * mean[j];

  float k[3][3];
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j) k[i][j] = static_cast<float>(m[i][j] * change.contrast);
  const auto offset = static_cast<float>((1 - change.contrast) * mean_luma + 0.5);
  std::uint8_t* p = image.pixels.data();
  for (std::size_t i = 0, n = image.pixels.size() / 3; i < n; ++i, p += 3) {
    const auto r = static_cast<float>(p[0]), g = static_cast<float>(p[1]), b = static_cast<float>(p[2]);
    for (std::size_t c = 0; c < 3; ++c) {
      const float value = k[c][0] * r + k[c][1] * g + k[c][2] * b + offset;
      p[c] = static_cast<std::uint8_t>(static_cast<int>(std::clamp(value, 0.0F, 255.0F)));
    }
  }
}

}  // namespace naevus::image
