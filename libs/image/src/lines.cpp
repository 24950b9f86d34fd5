#include "lines.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace naevus::image {
namespace {

/// Longer than a hair is wide, shorter than the gaps of a pigment network add up to.
constexpr int closing_length = 9;
constexpr double hair_level = 14;
/// Summed extents of the lines that count as hair, in sides of the picture.
constexpr double hair_threshold = 1.6;
/// Pixels of detail: the shortest line that may be a hair, and the widest.
constexpr double least_extent = 24, most_width = 4.5;

enum class Axis { row, column };

/// `length` pixels of each row, or of each column, from the one at `begin`.
cv::Mat stretch(const cv::Mat& luma, Axis axis, int begin, int length) {
  return axis == Axis::row ? luma.colRange(begin, begin + length) : luma.rowRange(begin, begin + length);
}

/// The largest (or the least) of each nine pixels in line, from those of two, four and eight: a few operations on whole
/// pictures, where a filter takes several a pixel. The outcome is shorter by eight.
cv::Mat extreme_of_nine(const cv::Mat& luma, Axis axis, bool largest) {
  static_assert(closing_length == 9);
  const auto length_of = [axis](const cv::Mat& mat) { return axis == Axis::row ? mat.cols : mat.rows; };
  // Each pixel with the one of `other` that is `offset` further on.
  const auto joined = [&](const cv::Mat& mat, const cv::Mat& other, int offset) {
    const int length = length_of(other) - offset;
    const cv::Mat a = stretch(mat, axis, 0, length), b = stretch(other, axis, offset, length);
    cv::Mat out;
    largest ? cv::max(a, b, out) : cv::min(a, b, out);
    return out;
  };
  const cv::Mat two = joined(luma, luma, 1), four = joined(two, two, 2), eight = joined(four, four, 4);
  return joined(eight, luma, 8);
}

cv::Mat black_hat(const cv::Mat& luma, Axis axis) {
  constexpr int margin = closing_length - 1;
  cv::Mat padded;
  const int across = axis == Axis::row ? margin : 0, down = margin - across;
  cv::copyMakeBorder(luma, padded, down, down, across, across, cv::BORDER_REFLECT_101);
  return extreme_of_nine(extreme_of_nine(padded, axis, true), axis, false) - luma;
}

/// The last rows and columns of a picture that was cut badly.
bool hugs_border(const Component& part, cv::Size size) {
  constexpr int margin = 5;
  return part.right < margin || part.bottom < margin || part.left >= size.width - margin ||
         part.top >= size.height - margin;
}

}  // namespace

DarkLines dark_lines_of(const cv::Mat& luma) {
  return {black_hat(luma, Axis::row), black_hat(luma, Axis::column)};
}

double hair_score(const DarkLines& lines, const cv::Mat& lesion, const cv::Mat& surround) {
  cv::Mat set;
  cv::max(lines.upright, lines.lying, set);
  cv::threshold(set, set, hair_level, 255, cv::THRESH_BINARY);
  const Components found = components_of(set);

  // How much of each part lies in the lesion, and whether it is the rim of the picture or of its black surround.
  std::vector<int> in_lesion(found.parts.size()), in_surround(found.parts.size());
  for (const Run& run : found.runs) {
    const auto part = static_cast<std::size_t>(run.component);
    const int row = std::min(run.row / 4, lesion.rows - 1),
              column = std::min((run.begin + run.end) / 8, lesion.cols - 1);
    const int n = run.end - run.begin;
    if (lesion.at<std::uint8_t>(row, column) != 0) in_lesion[part] += n;
    if (!surround.empty() && surround.at<std::uint8_t>(row, column) != 0) in_surround[part] += n;
  }

  double length = 0;
  for (std::size_t i = 0; i < found.parts.size(); ++i) {
    const Component& part = found.parts[i];
    const double extent = std::sqrt(part.width() * part.width() + part.height() * part.height());
    if (extent < least_extent || 10 * in_surround[i] > part.area || hugs_border(part, set.size())) continue;
    const bool thin = part.area < most_width * extent;
    const bool web = part.area < 0.2 * part.width() * part.height() && extent > 2 * least_extent;
    // A pigment network is a web too, but ends with the lesion.
    if (thin || (web && 10 * in_lesion[i] < 7 * part.area)) length += extent;
  }
  return score_of(length / std::sqrt(static_cast<double>(set.total())), hair_threshold);
}

}  // namespace naevus::image
