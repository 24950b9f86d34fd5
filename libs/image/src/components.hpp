#pragma once
#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

namespace naevus::image {

/// A maximal run of set pixels in one row: [begin, end).
struct Run {
  int row, begin, end;
  int component;  ///< index into Components::parts
};

/// One 8-connected set of pixels.
struct Component {
  int area = 0;
  int left = 0, top = 0, right = 0, bottom = 0;  ///< inclusive
  std::int64_t x = 0, y = 0;                     ///< sums over its pixels

  int width() const { return right - left + 1; }
  int height() const { return bottom - top + 1; }
  double center_x() const { return static_cast<double>(x) / area; }
  double center_y() const { return static_cast<double>(y) / area; }
};

struct Components {
  std::vector<Run> runs;         ///< by row, then by column
  std::vector<Component> parts;  ///< in the order of their first runs
};

/// Labels the set (non-zero) pixels of an 8-bit mask by joining the runs of neighbouring rows (union-find). Its cost
/// follows the set pixels: sparse masks are nearly free, where cv::connectedComponents pays for every pixel.
Components components_of(const cv::Mat& mask);

}  // namespace naevus::image
