#include "field.hpp"

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "components.hpp"

namespace naevus::image {
namespace {

/// The surround is black: darker than this in every channel, and than this share of the middle's luma.
constexpr double most_luma = 60, most_of_middle = 0.45;

double luma_of(const cv::Scalar& rgb) {
  return 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2];
}

}  // namespace

Field field_of(const Planes& planes) {
  const cv::Mat& rgb = planes.small;
  const cv::Rect middle(rgb.cols / 4, rgb.rows / 4, std::max(1, rgb.cols / 2), std::max(1, rgb.rows / 2));
  const double limit = std::min(most_luma, most_of_middle * luma_of(cv::mean(rgb(middle))));
  cv::Mat dark;
  cv::inRange(rgb, cv::Scalar::all(0), cv::Scalar::all(limit), dark);

  Field field;
  const int right = rgb.cols - 1, bottom = rgb.rows - 1;
  const auto is_dark = [&](int x, int y) { return dark.at<std::uint8_t>(y, x) != 0; };
  field.corners = is_dark(0, 0) + is_dark(right, 0) + is_dark(0, bottom) + is_dark(right, bottom);
  if (field.corners == 0) return field;

  const Components found = components_of(dark);
  field.surround = cv::Mat::zeros(rgb.size(), CV_8UC1);
  int area = 0;
  for (const Run& run : found.runs) {
    const Component& part = found.parts[static_cast<std::size_t>(run.component)];
    const bool sideways = part.left == 0 || part.right == right, upright = part.top == 0 || part.bottom == bottom;
    if (!sideways || !upright) continue;
    std::fill(field.surround.ptr(run.row) + run.begin, field.surround.ptr(run.row) + run.end, std::uint8_t{255});
    area += run.end - run.begin;
  }
  field.share = area / static_cast<double>(rgb.total());
  return field;
}

}  // namespace naevus::image
