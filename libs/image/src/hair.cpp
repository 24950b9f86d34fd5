#include "naevus/image/hair.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>
#include <utility>
#include <vector>

#include "components.hpp"
#include "planes.hpp"

namespace naevus::image {
namespace {

constexpr int closing_length = 9;
/// The straight piece that a hair must follow, and the directions that are tried.
constexpr int reach = 7, directions = 12;
constexpr int taps = 2 * reach + 1;

/// What one kind of hair must show, in grey levels against its surroundings.
struct Levels {
  int line;    ///< mean along the straight piece
  int pixel;   ///< a hair's pixel
  int fringe;  ///< a pixel beside it that it shades
};
constexpr Levels dark{14, 13, 10}, light{17, 15, 12};
/// The best direction's mean over the mean of all: 1 in an even texture, much above 1 along a single line.
constexpr int direction_excess_percent = 173;
/// Pixels of detail.
constexpr double least_length = 22, most_width = 7;

cv::Mat hat(const cv::Mat& luma, int operation) {
  cv::Mat out;
  for (const cv::Size size : {cv::Size(closing_length, 1), cv::Size(1, closing_length)}) {
    cv::Mat one;
    cv::morphologyEx(luma, one, operation, cv::getStructuringElement(cv::MORPH_RECT, size), {-1, -1}, 1,
                     cv::BORDER_REFLECT_101);
    out = out.empty() ? one : cv::Mat(cv::max(out, one));
  }
  return out;
}

/// Offsets of the pixels of a digital line through (0, 0).
std::array<cv::Point, taps> line_at(int direction) {
  const double angle = std::numbers::pi * direction / directions;
  std::array<cv::Point, taps> out;
  for (int i = -reach; i <= reach; ++i)
    out[static_cast<std::size_t>(i + reach)] = {static_cast<int>(std::lround(i * std::cos(angle))),
                                                static_cast<int>(std::lround(i * std::sin(angle)))};
  return out;
}

/// Sums along the best of the directions, and their total over all directions.
struct Directed {
  cv::Mat best, total;  ///< 16 bit
};

Directed directed_sums(const cv::Mat& contrast) {
  cv::Mat padded;
  cv::copyMakeBorder(contrast, padded, reach, reach, reach, reach, cv::BORDER_CONSTANT, 0);
  Directed out{cv::Mat::zeros(contrast.size(), CV_16U), cv::Mat::zeros(contrast.size(), CV_16U)};
  const auto width = static_cast<std::size_t>(contrast.cols);
  std::vector<std::uint16_t> sums(width);
  for (int direction = 0; direction < directions; ++direction) {
    const auto line = line_at(direction);
    for (int y = 0; y < contrast.rows; ++y) {
      std::ranges::fill(sums, std::uint16_t{0});
      std::uint16_t* const sum = sums.data();
      for (const cv::Point& at : line) {
        const std::uint8_t* row = padded.ptr(y + reach + at.y) + reach + at.x;
        for (std::size_t x = 0; x < width; ++x) sum[x] = static_cast<std::uint16_t>(sum[x] + row[x]);
      }
      auto* best = out.best.ptr<std::uint16_t>(y);
      auto* total = out.total.ptr<std::uint16_t>(y);
      for (std::size_t x = 0; x < width; ++x) {
        best[x] = std::max(best[x], sum[x]);
        total[x] = static_cast<std::uint16_t>(total[x] + sum[x]);
      }
    }
  }
  return out;
}

/// Keeps what is long and thin.
void keep_hairs(cv::Mat& mask) {
  const Components found = components_of(mask);
  for (const Run& run : found.runs) {
    const Component& part = found.parts[static_cast<std::size_t>(run.component)];
    const double length = std::hypot(part.width(), part.height());
    const bool thin = part.area < most_width * length || 4 * part.area < part.width() * part.height();
    if (length < least_length || !thin)
      std::fill(mask.ptr(run.row) + run.begin, mask.ptr(run.row) + run.end, std::uint8_t{0});
  }
}

struct Hairs {
  cv::Mat mask, fringe;  ///< 8 bit; the fringe holds the mask
};

/// @param contrast  how far each pixel stands out as a part of a thin line
Hairs hairs_of(cv::Mat contrast, const Levels& levels) {
  // Sums over all directions fit 16 bits.
  constexpr int most = 255;
  static_assert(most * taps * directions <= 65'535);
  const Directed sums = directed_sums(contrast);
  cv::Mat mask(contrast.size(), CV_8U);
  for (int y = 0; y < mask.rows; ++y) {
    const std::uint8_t* level = contrast.ptr(y);
    const auto* best = sums.best.ptr<std::uint16_t>(y);
    const auto* total = sums.total.ptr<std::uint16_t>(y);
    std::uint8_t* to = mask.ptr(y);
    for (int x = 0; x < mask.cols; ++x) {
      const bool lined =
          best[x] >= levels.line * taps && 100 * directions * best[x] >= direction_excess_percent * total[x];
      to[x] = lined && level[x] >= levels.pixel ? 255 : 0;
    }
  }
  keep_hairs(mask);
  cv::Mat near, shaded;
  cv::dilate(mask, near, cv::getStructuringElement(cv::MORPH_RECT, {3, 3}));
  cv::threshold(contrast, shaded, levels.fringe - 1, 255, cv::THRESH_BINARY);
  return {mask, mask | (near & shaded)};
}

Hairs find_hairs(const Planes& planes) {
  const cv::Mat& luma = planes.detail;
  const Hairs black = hairs_of(hat(luma, cv::MORPH_BLACKHAT), dark);
  const Hairs white = hairs_of(hat(luma, cv::MORPH_TOPHAT), light);
  return {black.mask | white.mask, black.fringe | white.fringe};
}

/// From detail's size to the picture's; a remainder that detail left out has no hair.
void enlarge(const cv::Mat& mask, int factor, cv::Mat& out) {
  const cv::Size covered(std::min(out.cols, mask.cols * factor), std::min(out.rows, mask.rows * factor));
  cv::Mat target = out(cv::Rect({}, covered));
  cv::resize(mask, target, covered, 0, 0, cv::INTER_NEAREST);
}

/// Fills what is set from a Gaussian neighbourhood of what is not; where that is too far away, from a wider one.
void fill(cv::Mat& rgb, cv::Mat hole, double sigma) {
  const double widest = std::hypot(rgb.cols, rgb.rows);
  for (; cv::countNonZero(hole) > 0 && sigma < widest; sigma *= 2) {
    cv::Mat known, weight, sum;
    cv::bitwise_not(hole, known);
    cv::Mat visible = cv::Mat::zeros(rgb.size(), CV_8UC3);
    rgb.copyTo(visible, known);
    visible.convertTo(sum, CV_32FC3);
    known.convertTo(weight, CV_32F, 1.0 / 255);
    const int side = 2 * static_cast<int>(std::ceil(1.5 * sigma)) + 1;
    cv::GaussianBlur(sum, sum, {side, side}, sigma, sigma, cv::BORDER_REFLECT_101);
    cv::GaussianBlur(weight, weight, {side, side}, sigma, sigma, cv::BORDER_REFLECT_101);
    constexpr float least_weight = 0.02F;
    for (int y = 0; y < rgb.rows; ++y) {
      std::uint8_t* open = hole.ptr(y);
      std::uint8_t* to = rgb.ptr(y);
      const auto* w = weight.ptr<float>(y);
      const auto* s = sum.ptr<float>(y);
      for (int x = 0; x < rgb.cols; ++x) {
        if (open[x] == 0 || w[x] < least_weight) continue;
        for (int c = 0; c < 3; ++c) to[3 * x + c] = cv::saturate_cast<std::uint8_t>(s[3 * x + c] / w[x]);
        open[x] = 0;
      }
    }
  }
}

}  // namespace

Mask hair_mask(const Image& image) {
  const Planes planes = planes_of(image);
  Mask out(image.width, image.height);
  cv::Mat full(image.height, image.width, CV_8U, out.values.data());
  enlarge(find_hairs(planes).mask, planes.factor, full);
  return out;
}

Image remove_hair(const Image& image) {
  const Planes planes = planes_of(image);
  cv::Mat hole = cv::Mat::zeros(image.height, image.width, CV_8U);
  enlarge(find_hairs(planes).fringe, planes.factor, hole);
  Image out = image;
  cv::Mat rgb = mat_of(out);
  constexpr double sigma = 2;
  fill(rgb, hole, sigma * planes.factor);
  return out;
}

}  // namespace naevus::image
