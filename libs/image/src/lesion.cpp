#include "naevus/image/lesion.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "components.hpp"
#include "segment.hpp"

namespace naevus::image {
namespace {

/// Weights of the score, fitted by logistic regression to the HAM10000 masks and rounded.
constexpr float red_weight = 22, green_weight = -15, blue_weight = -13, threshold_weight = -5, distance_weight = -11;
/// The blue channel's distance from its threshold counts up to this share of its range.
constexpr float threshold_reach = 0.25F;
/// Below this difference to the skin around it, what was found is noise or shade.
constexpr double least_contrast = 0.025;
constexpr double least_area = 0.001;

using Histogram = std::array<int, 256>;

std::array<Histogram, 3> histograms_of(const cv::Mat& rgb) {
  std::array<Histogram, 3> out{};
  for (int y = 0; y < rgb.rows; ++y) {
    const std::uint8_t* row = rgb.ptr(y);
    for (int x = 0; x < 3 * rgb.cols; x += 3) {
      for (std::size_t c = 0; c < 3; ++c) ++out[c][row[static_cast<std::size_t>(x) + c]];
    }
  }
  return out;
}

int quantile(const Histogram& histogram, int count, double share) {
  int seen = 0;
  for (std::size_t v = 0; v < histogram.size(); ++v) {
    seen += histogram[v];
    if (seen > share * count) return static_cast<int>(v);
  }
  return 255;
}

int otsu_threshold(const Histogram& histogram, int count) {
  double total = 0;
  for (std::size_t v = 0; v < 256; ++v) total += static_cast<double>(v) * histogram[v];
  double best = -1, below = 0, below_sum = 0;
  int threshold = 0;
  for (std::size_t v = 0; v < 255; ++v) {
    below += histogram[v];
    below_sum += static_cast<double>(v) * histogram[v];
    const double above = count - below;
    if (below == 0 || above == 0) continue;
    const double gap = below_sum / below - (total - below_sum) / above;
    const double between = below * above * gap * gap;
    if (between > best) best = between, threshold = static_cast<int>(v);
  }
  return threshold;
}

/// Set where the score is positive.
cv::Mat candidates(const cv::Mat& rgb) {
  const auto histograms = histograms_of(rgb);
  const int count = rgb.rows * rgb.cols;
  std::array<float, 3> skin{};
  for (std::size_t c = 0; c < 3; ++c) skin[c] = static_cast<float>(quantile(histograms[c], count, 0.9)) / 255;
  const float low = static_cast<float>(quantile(histograms[2], count, 0.1)) / 255;
  const float range = std::max(skin[2] - low, 0.06F);
  const float threshold = static_cast<float>(otsu_threshold(histograms[2], count)) / 255;

  // What each level of a channel adds; the blue one twice.
  std::array<std::array<float, 256>, 4> parts{};
  for (std::size_t v = 0; v < 256; ++v) {
    const float level = static_cast<float>(v) / 255;
    parts[0][v] = red_weight * (level - skin[0]);
    parts[1][v] = green_weight * (level - skin[1]);
    parts[2][v] = blue_weight * (level - skin[2]);
    parts[3][v] = threshold_weight * std::clamp((level - threshold) / range, -threshold_reach, threshold_reach);
  }
  cv::Mat out(rgb.size(), CV_8UC1);
  const auto width = static_cast<float>(rgb.cols), height = static_cast<float>(rgb.rows);
  for (int y = 0; y < rgb.rows; ++y) {
    const float dy = (static_cast<float>(y) + 0.5F) / height - 0.5F;
    const std::uint8_t* from = rgb.ptr(y);
    std::uint8_t* to = out.ptr(y);
    for (int x = 0; x < rgb.cols; ++x, from += 3) {
      const float dx = (static_cast<float>(x) + 0.5F) / width - 0.5F;
      const float score = parts[0][from[0]] + parts[1][from[1]] + parts[2][from[2]] + parts[3][from[2]] +
                          distance_weight * (dx * dx + dy * dy);
      to[x] = score > 0 ? 255 : 0;
    }
  }
  return out;
}

/// The largest part, with a preference for the middle; -1 where there is none.
int main_part(const Components& found, cv::Size size) {
  int best = -1;
  double most = 0;
  for (std::size_t i = 0; i < found.parts.size(); ++i) {
    const Component& part = found.parts[i];
    const double dx = (part.center_x() + 0.5) / size.width - 0.5, dy = (part.center_y() + 0.5) / size.height - 0.5;
    const double score = part.area * std::exp(-8 * (dx * dx + dy * dy));
    if (score > most) most = score, best = static_cast<int>(i);
  }
  return best;
}

void paint(cv::Mat& mask, const Run& run) {
  std::fill(mask.ptr(run.row) + run.begin, mask.ptr(run.row) + run.end, std::uint8_t{255});
}

/// Sets what `mask` encloses.
void fill_holes(cv::Mat& mask) {
  const Components ground = components_of(~mask);
  for (const Run& run : ground.runs) {
    const Component& part = ground.parts[static_cast<std::size_t>(run.component)];
    const bool open = part.left == 0 || part.top == 0 || part.right == mask.cols - 1 || part.bottom == mask.rows - 1;
    if (!open) paint(mask, run);
  }
}

double border_share(const cv::Mat& mask) {
  int set = 0;
  for (const int y : {0, mask.rows - 1}) set += cv::countNonZero(mask.row(y));
  for (const int x : {0, mask.cols - 1}) set += cv::countNonZero(mask.col(x));
  return set / (2.0 * (mask.cols + mask.rows));
}

double contrast_to_skin(const cv::Mat& rgb, const cv::Mat& mask) {
  cv::Mat wide;
  cv::dilate(mask, wide, cv::getStructuringElement(cv::MORPH_RECT, {9, 9}));
  const cv::Mat around = wide & ~mask;
  if (cv::countNonZero(around) == 0) return 0;
  const cv::Scalar inside = cv::mean(rgb, mask), outside = cv::mean(rgb, around);
  double sum = 0;
  for (int c = 0; c < 3; ++c) sum += std::abs(inside[c] - outside[c]);
  return sum / (3 * 255);
}

}  // namespace

Segmented segment(const Planes& planes) {
  Segmented out{.mask = cv::Mat::zeros(planes.small.size(), CV_8UC1)};
  const Components found = components_of(candidates(planes.small));
  const int chosen = main_part(found, planes.small.size());
  if (chosen < 0) return out;
  for (const Run& run : found.runs) {
    if (run.component == chosen) paint(out.mask, run);
  }
  fill_holes(out.mask);
  const cv::Moments moments = cv::moments(out.mask, true);
  Lesion lesion{.found = true,
                .area = moments.m00 / static_cast<double>(out.mask.total()),
                .center_x = (moments.m10 / moments.m00 + 0.5) / out.mask.cols,
                .center_y = (moments.m01 / moments.m00 + 0.5) / out.mask.rows,
                .border = border_share(out.mask),
                .contrast = contrast_to_skin(planes.small, out.mask)};
  if (lesion.contrast < least_contrast || lesion.area < least_area) {
    out.mask = cv::Scalar(0);
    lesion = {};
  }
  out.lesion = lesion;
  return out;
}

Lesion find_lesion(const Image& image) {
  return segment(planes_of(image)).lesion;
}

Mask lesion_mask(const Image& image) {
  const Segmented found = segment(planes_of(image));
  Mask out(image.width, image.height);
  if (!found.lesion.found) return out;
  cv::Mat full(image.height, image.width, CV_8UC1, out.values.data());
  cv::resize(found.mask, full, full.size(), 0, 0, cv::INTER_LINEAR);
  cv::threshold(full, full, 127, 255, cv::THRESH_BINARY);
  return out;
}

}  // namespace naevus::image
