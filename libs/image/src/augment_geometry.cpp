#include "augment_geometry.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "elastic.hpp"
#include "frame.hpp"

namespace naevus::image {
namespace {

/// Source position of an output pixel's centre: x = m[0] X + m[1] Y + m[2], y = m[3] X + m[4] Y + m[5],
/// in coordinates where the pixel (0, 0) covers [0, 1) x [0, 1).
using Affine = std::array<double, 6>;

/// From the output over the unit square about 0 (mirrored, stretched, sheared) to the frame, turned in the source's
/// pixels.
Affine affine_of(const Plan& plan, const View& frame, const Preparation& p) {
  const double stretch = std::sqrt(plan.aspect);
  const double across = frame.width * plan.scale * stretch * (plan.flip ? -1 : 1) / p.width;
  const double down = frame.height * plan.scale / stretch / p.height;
  const double cos = std::cos(plan.angle), sin = std::sin(plan.angle);
  const double xx = cos * across, xy = (cos * plan.shear - sin) * down;
  const double yx = sin * across, yy = (sin * plan.shear + cos) * down;
  const double centre_x = frame.left + frame.width * (0.5 + plan.shift_x);
  const double centre_y = frame.top + frame.height * (0.5 + plan.shift_y);
  return {xx, xy, centre_x - xx * p.width / 2 - xy * p.height / 2,
          yx, yy, centre_y - yx * p.width / 2 - yy * p.height / 2};
}

/// What a map reaches in the source, and how many of its pixels lie under one of the output along each axis.
struct Reach {
  double low_x, high_x, low_y, high_y;
  double density_x, density_y;
};

Reach reach_of(const Affine& m, const Preparation& p) {
  Reach r{1e18, -1e18, 1e18, -1e18, std::hypot(m[0], m[1]), std::hypot(m[3], m[4])};
  for (const double x : {0.0, static_cast<double>(p.width)}) {
    for (const double y : {0.0, static_cast<double>(p.height)}) {
      const double sx = m[0] * x + m[1] * y + m[2], sy = m[3] * x + m[4] * y + m[5];
      r.low_x = std::min(r.low_x, sx), r.high_x = std::max(r.high_x, sx);
      r.low_y = std::min(r.low_y, sy), r.high_y = std::max(r.high_y, sy);
    }
  }
  return r;
}

/// The part of the picture that the sampling reaches, with a margin for the interpolation.
View reached(const Image& image, const Reach& r) {
  // What lies outside is reflected, so the same distance inside is needed.
  const auto span = [](double low, double high, int size) {
    const double over = std::max({0.0, -low, high - size});
    const double begin = std::min(low, size - over) - 2, end = std::max(high, over) + 2;
    const int first = static_cast<int>(std::clamp(std::floor(begin), 0.0, size - 1.0));
    const int last = static_cast<int>(std::clamp(std::ceil(end), first + 1.0, static_cast<double>(size)));
    return std::pair(first, last - first);
  };
  const auto [left, width] = span(r.low_x, r.high_x, image.width);
  const auto [top, height] = span(r.low_y, r.high_y, image.height);
  return {&image, left, top, width, height};
}

/// Above this many source pixels to one of the output, bilinear sampling would alias: the source is shrunk first, to
/// `rest`.
constexpr double alias_limit = 1.5, rest = 1.2;

int shrunk(int size, double density) {
  const double wanted = density > alias_limit ? size * rest / density : size;
  return std::clamp(static_cast<int>(std::lround(wanted)), 1, sample_limit);
}

/// The reached part of the picture, shrunk where it must be and with its reflection around it where that is reached too
/// (made once, not pixel by pixel), and where its pixels lie: a source position x is scale_x * (x - left) + margin_x in
/// it.
struct Source {
  Image smaller;
  cv::Mat pixels;
  double scale_x, scale_y, left, top;
  int margin_x = 0, margin_y = 0;

  Source(const Image& image, const Reach& reach) {
    const View part = reached(image, reach);
    const int width = shrunk(part.width, reach.density_x), height = shrunk(part.height, reach.density_y);
    pixels = cv::Mat(part.height, part.width, CV_8UC3, const_cast<std::uint8_t*>(image.at(part.left, part.top)),
                     3 * static_cast<std::size_t>(image.width));
    if (width != part.width || height != part.height) {
      smaller = resize(part, width, height);
      pixels = cv::Mat(height, width, CV_8UC3, smaller.pixels.data());
    }
    scale_x = static_cast<double>(width) / part.width, scale_y = static_cast<double>(height) / part.height;
    left = part.left, top = part.top;
    reflect(reach);
  }

 private:
  void reflect(const Reach& reach) {
    const auto outside = [](double low, double high, int size) {
      constexpr double interpolation = 2;
      return std::pair(std::max(0.0, interpolation - low), std::max(0.0, high + interpolation - size));
    };
    const auto [before_x, behind_x] =
        outside(scale_x * (reach.low_x - left), scale_x * (reach.high_x - left), pixels.cols);
    const auto [before_y, behind_y] =
        outside(scale_y * (reach.low_y - top), scale_y * (reach.high_y - top), pixels.rows);
    const double width = pixels.cols + before_x + behind_x, height = pixels.rows + before_y + behind_y;
    if (width * height == 1.0 * pixels.cols * pixels.rows || width * height > 4.0 * pixels.cols * pixels.rows ||
        std::max(width, height) > sample_limit)
      return;
    margin_x = static_cast<int>(std::ceil(before_x)), margin_y = static_cast<int>(std::ceil(before_y));
    cv::Mat wider;
    cv::copyMakeBorder(pixels, wider, margin_y, static_cast<int>(std::ceil(behind_y)), margin_x,
                       static_cast<int>(std::ceil(behind_x)), cv::BORDER_REFLECT_101);
    pixels = wider;
  }
};

void sample_affine(const Image& image, const Affine& m, const Preparation& p, cv::Mat& target) {
  const Source s(image, reach_of(m, p));
  // OpenCV's coordinates have the centre of the first pixel at 0.
  const cv::Matx23d map(
      s.scale_x * m[0], s.scale_x * m[1], s.scale_x * (m[2] - s.left + (m[0] + m[1]) / 2) + s.margin_x - 0.5,  //
      s.scale_y * m[3], s.scale_y * m[4], s.scale_y * (m[5] - s.top + (m[3] + m[4]) / 2) + s.margin_y - 0.5);
  cv::warpAffine(s.pixels, target, map, target.size(), cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_REFLECT_101);
}

/// From the unit square to the quadrilateral of its moved corners.
cv::Matx33d perspective_of(const Plan& plan) {
  const std::array<cv::Point2f, 4> square = {{{0, 0}, {1, 0}, {1, 1}, {0, 1}}};
  std::array<cv::Point2f, 4> moved = square;
  for (std::size_t i = 0; i < 4; ++i)
    moved[i] += cv::Point2f(static_cast<float>(plan.corners[2 * i]), static_cast<float>(plan.corners[2 * i + 1]));
  return cv::Matx33d(cv::getPerspectiveTransform(square.data(), moved.data()));
}

/// Source positions of the output's pixel centres.
struct Map {
  cv::Mat x, y;  ///< float
};

Map map_of(const Plan& plan, const Affine& m, const Preparation& p) {
  const cv::Matx33d from_unit(m[0] * p.width, m[1] * p.height, m[2], m[3] * p.width, m[4] * p.height, m[5], 0, 0, 1);
  const cv::Matx33f all(from_unit * perspective_of(plan));
  const Elastic elastic(plan.elastic, plan.elastic_seed, p.width);
  Map map{cv::Mat(p.height, p.width, CV_32F), cv::Mat(p.height, p.width, CV_32F)};
  std::vector<float> across(static_cast<std::size_t>(p.width)), down(across.size());
  for (int row = 0; row < p.height; ++row) {
    const float v = (static_cast<float>(row) + 0.5F) / static_cast<float>(p.height);
    if (plan.elastic > 0) elastic.row(v, across, down);
    float* x = map.x.ptr<float>(row);
    float* y = map.y.ptr<float>(row);
    for (int column = 0; column < p.width; ++column) {
      const auto i = static_cast<std::size_t>(column);
      const float a = (static_cast<float>(column) + 0.5F) / static_cast<float>(p.width) + across[i], b = v + down[i];
      const float depth = 1 / (all(2, 0) * a + all(2, 1) * b + all(2, 2));
      x[column] = (all(0, 0) * a + all(0, 1) * b + all(0, 2)) * depth;
      y[column] = (all(1, 0) * a + all(1, 1) * b + all(1, 2)) * depth;
    }
  }
  return map;
}

/// Mean length of the gradient, on a coarse grid.
double density_of(const cv::Mat& positions) {
  constexpr int points = 8;
  double sum = 0;
  for (int i = 0; i < points; ++i) {
    for (int j = 0; j < points; ++j) {
      const int y = i * (positions.rows - 1) / points, x = j * (positions.cols - 1) / points;
      const float here = positions.at<float>(y, x);
      const float across = positions.cols > 1 ? positions.at<float>(y, x + 1) - here : 0;
      const float down = positions.rows > 1 ? positions.at<float>(y + 1, x) - here : 0;
      sum += std::hypot(static_cast<double>(across), static_cast<double>(down));
    }
  }
  return sum / (points * points);
}

void sample_map(const Image& image, Map map, const Affine& m, cv::Mat& target) {
  Reach reach{};
  cv::minMaxLoc(map.x, &reach.low_x, &reach.high_x);
  cv::minMaxLoc(map.y, &reach.low_y, &reach.high_y);
  reach.density_x = target.cols > 1 && target.rows > 1 ? density_of(map.x) : std::hypot(m[0], m[1]);
  reach.density_y = target.cols > 1 && target.rows > 1 ? density_of(map.y) : std::hypot(m[3], m[4]);
  const Source s(image, reach);
  map.x.convertTo(map.x, CV_32F, s.scale_x, s.margin_x - s.scale_x * s.left - 0.5);
  map.y.convertTo(map.y, CV_32F, s.scale_y, s.margin_y - s.scale_y * s.top - 0.5);
  cv::remap(s.pixels, target, map.x, map.y, cv::INTER_LINEAR, cv::BORDER_REFLECT_101);
}

}  // namespace

Image sample(const Image& image, const Preparation& preparation, const Plan& plan) {
  const Affine affine = affine_of(plan, framed(image, preparation.frame), preparation);
  Image out(preparation.width, preparation.height);
  cv::Mat target(out.height, out.width, CV_8UC3, out.pixels.data());
  const bool straight = std::ranges::all_of(plan.corners, [](double shift) { return shift == 0; });
  if (straight && plan.elastic == 0)
    sample_affine(image, affine, preparation, target);
  else
    sample_map(image, map_of(plan, affine, preparation), affine, target);
  return out;
}

}  // namespace naevus::image
