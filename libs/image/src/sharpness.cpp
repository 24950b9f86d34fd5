#include "sharpness.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

namespace naevus::image {
namespace {

// Crete et al. compare each step between neighbours with the same step after a mean filter of nine pixels along the
// same direction. That later step is the difference of two pixels nine apart, divided by nine: no filtering is needed.
constexpr int reach = 9, before = 4;
constexpr int block = 16;
/// A block's steps count up to this many grey levels per pixel, along each direction.
constexpr double most_step = 3;
/// Grey levels per pixel that noise alone may make; they dilute what a picture without structure seems to say.
constexpr double floor_step = 0.05;

std::uint8_t difference(std::uint8_t a, std::uint8_t b) {
  return static_cast<std::uint8_t>(std::max(a, b) - std::min(a, b));
}

/// Sums over columns, of as many rows as were added: steps, and nine times what the mean filter takes off them.
struct ColumnSums {
  std::vector<std::uint16_t> step, lost;

  explicit ColumnSums(std::size_t width) : step(width), lost(width) {}

  /// @param near, next   neighbouring pixels along the direction that is measured
  /// @param back, front  the pixels nine apart around them
  void add(const std::uint8_t* near, const std::uint8_t* next, const std::uint8_t* back, const std::uint8_t* front) {
    std::uint16_t* const steps = step.data();
    std::uint16_t* const losses = lost.data();
    const std::size_t n = step.size();
    for (std::size_t x = 0; x < n; ++x) {
      const std::uint16_t d = difference(near[x], next[x]), later = difference(back[x], front[x]);
      const auto ninefold = static_cast<std::uint16_t>(9 * d);
      steps[x] = static_cast<std::uint16_t>(steps[x] + d);
      losses[x] = static_cast<std::uint16_t>(losses[x] + std::max(ninefold, later) - later);
    }
  }
};

struct Tally {
  double lost = 0, weight = 0, pixels = 0;

  void add(double step_sum, double lost_sum, double count) {
    pixels += count;
    if (step_sum <= 0) return;
    const double weight_of = std::min(step_sum, most_step * count);
    lost += lost_sum / (9 * step_sum) * weight_of;
    weight += weight_of;
  }
};

/// Whether a block lies in the black surround or on its rim.
bool in_surround(const cv::Mat& surround, cv::Rect block_at) {
  if (surround.empty()) return false;
  constexpr int scale = 4, margin = 1;
  const cv::Rect near(block_at.x / scale - margin, block_at.y / scale - margin, block_at.width / scale + 2 * margin + 1,
                      block_at.height / scale + 2 * margin + 1);
  return cv::countNonZero(surround(near & cv::Rect({}, surround.size()))) > 0;
}

/// Blocks of one band of rows.
/// @param band  where the sums come from
void add_blocks(const ColumnSums& sums, cv::Rect band, const cv::Mat& surround, Tally& tally) {
  for (int x = 0; x < band.width; x += block) {
    const int end = std::min(band.width, x + block);
    const cv::Rect place(band.x + x, band.y, end - x, band.height);
    if (in_surround(surround, place)) continue;
    unsigned step = 0, lost = 0;
    for (auto i = static_cast<std::size_t>(x); i < static_cast<std::size_t>(end); ++i)
      step += sums.step[i], lost += sums.lost[i];
    tally.add(step, lost, place.area());
  }
}

/// Along the rows.
void add_sideways(const cv::Mat& luma, const cv::Mat& surround, Tally& tally) {
  const int width = luma.cols - reach;
  if (width <= 0) return;
  for (int top = 0; top < luma.rows; top += block) {
    const int end = std::min(luma.rows, top + block);
    ColumnSums sums(static_cast<std::size_t>(width));
    for (int y = top; y < end; ++y) {
      const std::uint8_t* row = luma.ptr(y);
      sums.add(row + before, row + before + 1, row, row + reach);
    }
    add_blocks(sums, {before, top, width, end - top}, surround, tally);
  }
}

/// Along the columns.
void add_upright(const cv::Mat& luma, const cv::Mat& surround, Tally& tally) {
  for (int top = 0; top + reach < luma.rows; top += block) {
    const int end = std::min(luma.rows - reach, top + block);
    ColumnSums sums(static_cast<std::size_t>(luma.cols));
    for (int y = top; y < end; ++y)
      sums.add(luma.ptr(y + before), luma.ptr(y + before + 1), luma.ptr(y), luma.ptr(y + reach));
    add_blocks(sums, {0, top + before, luma.cols, end - top}, surround, tally);
  }
}

}  // namespace

double sharpness_of(const cv::Mat& luma, const cv::Mat& surround) {
  Tally tally;
  add_sideways(luma, surround, tally);
  add_upright(luma, surround, tally);
  return tally.pixels == 0 ? 0 : tally.lost / (tally.weight + floor_step * tally.pixels);
}

}  // namespace naevus::image
