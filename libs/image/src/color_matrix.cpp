#include "color_matrix.hpp"

#include <cmath>
#include <opencv2/core.hpp>

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

std::array<double, 3> mean_of(Image& image) {
  const cv::Scalar mean = cv::mean(cv::Mat(image.height, image.width, CV_8UC3, image.pixels.data()));
  return {mean[0], mean[1], mean[2]};
}

// Four lanes: red, green, blue and a spare one. GCC and Clang make vector instructions of it.
using Pixel = float __attribute__((vector_size(16)));
using Levels = std::int32_t __attribute__((vector_size(16)));

/// What each level of each input channel adds to the output: the products of the matrix, made once.
std::array<std::array<Pixel, 256>, 3> products(const Matrix& m, double factor) {
  std::array<std::array<Pixel, 256>, 3> table;
  for (std::size_t j = 0; j < 3; ++j) {
    Pixel column{};
    for (std::size_t i = 0; i < 3; ++i) column[i] = static_cast<float>(m[i][j] * factor);
    for (std::size_t level = 0; level < 256; ++level) table[j][level] = column * static_cast<float>(level);
  }
  return table;
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

  const auto table = products(m, change.contrast);
  const auto offset = static_cast<float>((1 - change.contrast) * mean_luma + 0.5);
  std::uint8_t* p = image.pixels.data();
  for (std::size_t i = 0, n = image.pixels.size() / 3; i < n; ++i, p += 3) {
    Pixel value = table[0][p[0]] + table[1][p[1]] + table[2][p[2]] + offset;
    value = value < 0.0F ? Pixel{} : value;
    value = value > 255.0F ? Pixel{} + 255.0F : value;
    const Levels levels = __builtin_convertvector(value, Levels);
    for (int c = 0; c < 3; ++c) p[c] = static_cast<std::uint8_t>(levels[c]);
  }
}

}  // namespace naevus::image
