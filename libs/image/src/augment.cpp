#include "naevus/image/augment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <numbers>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "color_matrix.hpp"
#include "frame.hpp"
#include "naevus/base/error.hpp"
#include "one_thread.hpp"

namespace naevus::image {
namespace {

/// What was drawn for one picture. Everything is drawn whatever is switched on, so that one option does not move the
/// others.
struct Draw {
  bool flip;
  double angle, scale, aspect, shift_x, shift_y, shear;
  ColorChange color;
  bool blur, cutout;
  double blur_sigma, cutout_side, cutout_x, cutout_y;
};

double either_way(Random& random, double range) {
  return random.uniform(-range, range);
}

Draw draw(const Augmentation& o, Random& random) {
  constexpr double degree = std::numbers::pi / 180;
  Draw d{};
  d.flip = random.chance(0.5) && o.flip;
  d.angle = either_way(random, o.rotation) * degree;
  d.scale = random.uniform(o.scale_low, o.scale_high);
  d.aspect = 1 + either_way(random, o.aspect);
  d.shift_x = either_way(random, o.shift);
  d.shift_y = either_way(random, o.shift);
  d.shear = std::tan(either_way(random, o.shear) * degree);
  d.color.brightness = 1 + either_way(random, o.brightness);
  d.color.contrast = 1 + either_way(random, o.contrast);
  d.color.saturation = 1 + either_way(random, o.saturation);
  d.color.hue = 2 * std::numbers::pi * either_way(random, o.hue);
  for (double& gain : d.color.white_balance) gain = 1 + either_way(random, o.white_balance);
  d.blur = random.chance(o.blur);
  d.blur_sigma = random.uniform(0.3, 1.5);
  d.cutout = random.chance(o.cutout);
  d.cutout_side = random.uniform(0.05, 1.0 / 3);
  d.cutout_x = random.uniform();
  d.cutout_y = random.uniform();
  return d;
}

/// Source position of an output pixel's centre: x = m[0] X + m[1] Y + m[2], y = m[3] X + m[4] Y + m[5],
/// in coordinates where the pixel (0, 0) covers [0, 1) x [0, 1).
using Affine = std::array<double, 6>;

/// From the output over the unit square about 0 (mirrored, stretched, sheared) to the frame, turned in the source's
/// pixels.
Affine affine_of(const Draw& d, const View& frame, const Preparation& p) {
  const double stretch = std::sqrt(d.aspect);
  const double across = frame.width * d.scale * stretch * (d.flip ? -1 : 1) / p.width;
  const double down = frame.height * d.scale / stretch / p.height;
  const double cos = std::cos(d.angle), sin = std::sin(d.angle);
  const double xx = cos * across, xy = (cos * d.shear - sin) * down;
  const double yx = sin * across, yy = (sin * d.shear + cos) * down;
  const double centre_x = frame.left + frame.width * (0.5 + d.shift_x);
  const double centre_y = frame.top + frame.height * (0.5 + d.shift_y);
  return {xx, xy, centre_x - xx * p.width / 2 - xy * p.height / 2,
          yx, yy, centre_y - yx * p.width / 2 - yy * p.height / 2};
}

/// The part of the picture that the sampling reaches, with a margin for the interpolation.
View reached(const Image& image, const Affine& m, const Preparation& p) {
  double low_x = 1e18, high_x = -1e18, low_y = 1e18, high_y = -1e18;
  for (const double x : {0.0, static_cast<double>(p.width)}) {
    for (const double y : {0.0, static_cast<double>(p.height)}) {
      const double sx = m[0] * x + m[1] * y + m[2], sy = m[3] * x + m[4] * y + m[5];
      low_x = std::min(low_x, sx), high_x = std::max(high_x, sx);
      low_y = std::min(low_y, sy), high_y = std::max(high_y, sy);
    }
  }
  // What lies outside is reflected, so the same distance inside is needed.
  const auto span = [](double low, double high, int size) {
    const double over = std::max({0.0, -low, high - size});
    const double begin = std::min(low, size - over) - 2, end = std::max(high, over) + 2;
    const int first = static_cast<int>(std::clamp(std::floor(begin), 0.0, size - 1.0));
    const int last = static_cast<int>(std::clamp(std::ceil(end), first + 1.0, static_cast<double>(size)));
    return std::pair(first, last - first);
  };
  const auto [left, width] = span(low_x, high_x, image.width);
  const auto [top, height] = span(low_y, high_y, image.height);
  return {&image, left, top, width, height};
}

/// Above this many source pixels to one of the output, bilinear sampling would alias: the source is shrunk first, to
/// `rest`.
constexpr double alias_limit = 1.5, rest = 1.2;
/// cv::warpAffine's coordinates are 16 bits wide.
constexpr int warp_limit = 30'000;

int shrunk(int size, double density) {
  const double wanted = density > alias_limit ? size * rest / density : size;
  return std::clamp(static_cast<int>(std::lround(wanted)), 1, warp_limit);
}

Image sample(const Image& image, const Affine& m, const Preparation& p) {
  const View part = reached(image, m, p);
  const int width = shrunk(part.width, std::hypot(m[0], m[1])), height = shrunk(part.height, std::hypot(m[3], m[4]));
  Image smaller;
  cv::Mat source(part.height, part.width, CV_8UC3, const_cast<std::uint8_t*>(image.at(part.left, part.top)),
                 3 * static_cast<std::size_t>(image.width));
  if (width != part.width || height != part.height) {
    smaller = resize(part, width, height);
    source = cv::Mat(height, width, CV_8UC3, smaller.pixels.data());
  }
  const double fx = static_cast<double>(width) / part.width, fy = static_cast<double>(height) / part.height;
  // OpenCV's coordinates have the centre of the first pixel at 0.
  const cv::Matx23d map(fx * m[0], fx * m[1], fx * (m[2] - part.left + (m[0] + m[1]) / 2) - 0.5,  //
                        fy * m[3], fy * m[4], fy * (m[5] - part.top + (m[3] + m[4]) / 2) - 0.5);
  Image out(p.width, p.height);
  cv::Mat target(p.height, p.width, CV_8UC3, out.pixels.data());
  cv::warpAffine(source, target, map, target.size(), cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_REFLECT_101);
  return out;
}

void cut_out(Image& image, const Draw& d) {
  const int side = std::max(1, static_cast<int>(d.cutout_side * std::min(image.width, image.height)));
  const int left = static_cast<int>(d.cutout_x * (image.width - side + 1));
  const int top = static_cast<int>(d.cutout_y * (image.height - side + 1));
  constexpr std::uint8_t grey = 128;
  for (int y = top; y < top + side; ++y) std::fill_n(image.at(left, y), 3 * static_cast<std::size_t>(side), grey);
}

}  // namespace

Augmentation no_augmentation() {
  return {.flip = false,
          .rotation = 0,
          .scale_low = 1,
          .scale_high = 1,
          .aspect = 0,
          .shift = 0,
          .shear = 0,
          .brightness = 0,
          .contrast = 0,
          .saturation = 0,
          .hue = 0,
          .white_balance = 0,
          .blur = 0,
          .cutout = 0};
}

void validate(const Augmentation& o) {
  const auto check = [](const char* name, double value, double low, double high) {
    if (!(value >= low && value <= high))
      throw UsageError(fmt::format("{} {} is out of range", name, value), "augmentation",
                       fmt::format("{} to {} is possible", low, high));
  };
  check("rotation", o.rotation, 0, 180);
  check("scale_low", o.scale_low, 0.1, 4);
  check("scale_high", o.scale_high, 0.1, 4);
  check("aspect", o.aspect, 0, 0.5);
  check("shift", o.shift, 0, 0.5);
  check("shear", o.shear, 0, 45);
  check("brightness", o.brightness, 0, 0.9);
  check("contrast", o.contrast, 0, 0.9);
  check("saturation", o.saturation, 0, 1);
  check("hue", o.hue, 0, 0.5);
  check("white_balance", o.white_balance, 0, 0.9);
  check("blur", o.blur, 0, 1);
  check("cutout", o.cutout, 0, 1);
  if (o.scale_low > o.scale_high)
    throw UsageError(fmt::format("scale_low {} is above scale_high {}", o.scale_low, o.scale_high), "augmentation");
}

Image augment(const Image& image, const Preparation& preparation, const Augmentation& options, Random random) {
  validate(options);
  if (preparation.width <= 0 || preparation.height <= 0 || preparation.width > warp_limit ||
      preparation.height > warp_limit)
    throw UsageError("a picture can't be sampled to this size", "input size");
  if (image.width <= 0 || image.height <= 0) throw InputError("the picture has no pixels");
  keep_opencv_on_one_thread();
  const Draw d = draw(options, random);
  Image out = sample(image, affine_of(d, framed(image, preparation.frame), preparation), preparation);
  change_color(out, d.color);
  if (d.blur) {
    cv::Mat pixels(out.height, out.width, CV_8UC3, out.pixels.data());
    cv::GaussianBlur(pixels, pixels, {}, d.blur_sigma, d.blur_sigma, cv::BORDER_REFLECT_101);
  }
  if (d.cutout) cut_out(out, d);
  return out;
}

}  // namespace naevus::image
