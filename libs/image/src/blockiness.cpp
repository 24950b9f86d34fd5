#include "blockiness.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <span>
#include <vector>

namespace naevus::image {
namespace {

constexpr std::size_t grid = 8;
/// Steps of the grid are small; those of edges in the picture count no more than this.
constexpr std::uint8_t most_step = 12;
/// About a million pixels of a large picture tell as much as all of them.
constexpr int most_side = 1024;
/// Steps of a mean below this, in grey levels, are rounding.
constexpr double least_step = 0.25;

/// The mean of the phase that stands out over the median of the eight, minus 1.
double excess(std::span<const std::uint16_t> profile, double lines) {
  if (profile.size() < 4 * grid) return 0;
  std::array<double, grid> mean{};
  std::array<int, grid> count{};
  for (std::size_t i = 0; i < profile.size(); ++i) mean[i % grid] += profile[i], ++count[i % grid];
  for (std::size_t i = 0; i < grid; ++i) mean[i] /= lines * count[i];
  std::ranges::sort(mean);
  const double usual = (mean[grid / 2 - 1] + mean[grid / 2]) / 2;
  return (mean.back() - usual) / std::max(usual, least_step);
}

/// The picture's luma at its own size; the middle of a large one. Where the grid begins does not matter, since every
/// phase is tried.
cv::Mat luma_of(const Image& image, const Planes& planes) {
  const int width = std::min(image.width, most_side), height = std::min(image.height, most_side);
  const cv::Rect middle((image.width - width) / 2, (image.height - height) / 2, width, height);
  if (planes.factor == 1) return planes.detail(middle);
  cv::Mat luma;
  cv::cvtColor(mat_of(image)(middle), luma, cv::COLOR_RGB2GRAY);
  return luma;
}

std::uint8_t step(std::uint8_t a, std::uint8_t b) {
  return std::min(static_cast<std::uint8_t>(std::max(a, b) - std::min(a, b)), most_step);
}

}  // namespace

double blockiness_of(const Image& image, const Planes& planes) {
  const cv::Mat luma = luma_of(image, planes);
  const auto width = static_cast<std::size_t>(luma.cols), height = static_cast<std::size_t>(luma.rows);
  // 1024 * most_step fits 16 bits.
  std::vector<std::uint16_t> columns(width - 1), rows(height - 1);
  for (std::size_t y = 0; y < height; ++y) {
    const std::uint8_t* row = luma.ptr(static_cast<int>(y));
    std::uint16_t* const sums = columns.data();
    for (std::size_t x = 0; x < columns.size(); ++x)
      sums[x] = static_cast<std::uint16_t>(sums[x] + step(row[x], row[x + 1]));
    if (y + 1 == height) break;
    const std::uint8_t* next = luma.ptr(static_cast<int>(y) + 1);
    std::uint16_t sum = 0;
    for (std::size_t x = 0; x < width; ++x) sum = static_cast<std::uint16_t>(sum + step(row[x], next[x]));
    rows[y] = sum;
  }
  return std::max(0.0, (excess(columns, luma.rows) + excess(rows, luma.cols)) / 2);
}

}  // namespace naevus::image
