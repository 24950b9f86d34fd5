#include "augment_overlays.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "naevus/base/random.hpp"

namespace naevus::image {
namespace {

using Color = std::array<std::uint8_t, 3>;
using Point = cv::Point2d;

/// How much of an overlay's colour each pixel takes, 0 to 255; strokes are antialiased.
class Mask {
 public:
  explicit Mask(const Image& image) : mask_(cv::Mat::zeros(image.height, image.width, CV_8UC1)) {}

  void stroke(const std::vector<Point>& path, double thickness, double opacity) {
    constexpr int fraction_bits = 4;
    std::vector<cv::Point> points;
    points.reserve(path.size());
    for (const Point& point : path)
      points.emplace_back(cvRound(point.x * (1 << fraction_bits)), cvRound(point.y * (1 << fraction_bits)));
    cv::polylines(mask_, points, false, cv::Scalar(255 * opacity), std::max(1, cvRound(thickness)), cv::LINE_AA,
                  fraction_bits);
  }

  void darken(Image& image, const Color& color) const {
    for (int y = 0; y < image.height; ++y) {
      const std::uint8_t* share = mask_.ptr(y);
      std::uint8_t* pixel = image.at(0, y);
      for (int x = 0; x < image.width; ++x, pixel += 3) {
        if (share[x] == 0) continue;
        for (std::size_t c = 0; c < 3; ++c) {
          const int lost = std::max(0, pixel[c] - color[c]) * share[x];
          pixel[c] = static_cast<std::uint8_t>(pixel[c] - (lost + 127) / 255);
        }
      }
    }
  }

 private:
  cv::Mat mask_;
};

/// From black to brown.
Color hair_color(Random& random) {
  const double lightness = random.uniform(10, 70), warmth = random.uniform(0.6, 1);
  return {static_cast<std::uint8_t>(lightness), static_cast<std::uint8_t>(lightness * warmth),
          static_cast<std::uint8_t>(lightness * warmth * warmth)};
}

/// A quadratic Bézier curve through a point of the picture, bent to one side.
std::vector<Point> hair(const Image& image, double side, Random& random) {
  const double angle = random.uniform(0, 2 * std::numbers::pi), length = random.uniform(0.3, 1.1) * side;
  const double bend = random.uniform(-0.3, 0.3) * length;
  const Point middle(random.uniform() * image.width, random.uniform() * image.height);
  const Point along(std::cos(angle), std::sin(angle)), across(-along.y, along.x);
  const Point begin = middle - along * (length / 2), end = middle + along * (length / 2), pull = middle + across * bend;
  constexpr int parts = 16;
  std::vector<Point> path;
  path.reserve(parts + 1);
  for (int i = 0; i <= parts; ++i) {
    const double t = static_cast<double>(i) / parts;
    path.push_back(begin * ((1 - t) * (1 - t)) + pull * (2 * t * (1 - t)) + end * (t * t));
  }
  return path;
}

}  // namespace

void draw_hairs(Image& image, int count, std::uint64_t seed) {
  Random random(seed);
  const double side = std::min(image.width, image.height);
  const Color color = hair_color(random);
  Mask mask(image);
  for (int i = 0; i < count; ++i) {
    const auto path = hair(image, side, random);
    const double thickness = side / 224 * random.uniform(0.6, 1.9);
    mask.stroke(path, thickness, random.uniform(0.6, 1));
  }
  mask.darken(image, color);
}

void draw_ruler(Image& image, std::uint64_t seed) {
  Random random(seed);
  const double side = std::min(image.width, image.height);
  const int edge = static_cast<int>(random.uniform(0, 4));  // left, top, right, bottom
  const bool upright = edge % 2 == 0;
  const double tilt = random.uniform(-0.1, 0.1), from_edge = random.uniform(0, 0.06) * side;
  const double step = random.uniform(0.045, 0.09) * side, first = random.uniform() * step;
  const double length = random.uniform(0.02, 0.04) * side, thickness = side / 224 * random.uniform(0.6, 1.4);
  const auto grey = static_cast<std::uint8_t>(random.uniform(10, 70));
  const double opacity = random.uniform(0.6, 1);
  Mask mask(image);
  const double extent = upright ? image.height : image.width, depth = upright ? image.width : image.height;
  const auto place = [&](double along, double inward) {
    const double in = edge < 2 ? inward : depth - inward;
    return upright ? Point(in, along) : Point(along, in);
  };
  int mark = static_cast<int>(random.uniform(0, 10));
  for (double at = first; at < extent; at += step, ++mark) {
    const double begin = from_edge + tilt * (at - extent / 2) + 0.05 * side;
    const double reach = length * (mark % 10 == 0 ? 2 : mark % 5 == 0 ? 1.5 : 1);
    mask.stroke({place(at, begin), place(at - tilt * reach, begin + reach)}, thickness, opacity);
  }
  mask.darken(image, {grey, grey, grey});
}

void draw_vignette(Image& image, double radius, std::uint64_t seed) {
  Random random(seed);
  const double middle_x = random.uniform(-0.04, 0.04), middle_y = random.uniform(-0.04, 0.04);
  const auto edge = static_cast<float>(random.uniform(0.03, 0.25)), left = static_cast<float>(random.uniform(0, 0.2));
  const auto inner = static_cast<float>(radius);
  for (int y = 0; y < image.height; ++y) {
    const auto v = static_cast<float>(2 * (y + 0.5) / image.height - 1 - middle_y);
    std::uint8_t* pixel = image.at(0, y);
    for (int x = 0; x < image.width; ++x, pixel += 3) {
      const auto u = static_cast<float>(2 * (x + 0.5) / image.width - 1 - middle_x);
      const float square = u * u + v * v;
      if (square <= inner * inner) continue;
      const float t = std::min((std::sqrt(square) - inner) / edge, 1.0F);
      const float light = 1 - (1 - left) * t * t * (3 - 2 * t);
      for (int c = 0; c < 3; ++c) pixel[c] = static_cast<std::uint8_t>(static_cast<float>(pixel[c]) * light);
    }
  }
}

void cut_out(Image& image, double side, double x, double y) {
  const int length = std::max(1, static_cast<int>(side * std::min(image.width, image.height)));
  const int left = static_cast<int>(x * (image.width - length + 1));
  const int top = static_cast<int>(y * (image.height - length + 1));
  constexpr std::uint8_t grey = 128;
  for (int row = top; row < top + length; ++row)
    std::fill_n(image.at(left, row), 3 * static_cast<std::size_t>(length), grey);
}

}  // namespace naevus::image
