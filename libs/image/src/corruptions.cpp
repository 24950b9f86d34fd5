#include "naevus/image/corruptions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "augment_camera.hpp"
#include "corruption_parts.hpp"
#include "naevus/base/error.hpp"
#include "one_thread.hpp"

namespace naevus::image {
namespace {

cv::Mat pixels_of(const Image& image) {
  return {image.height, image.width, CV_8UC3, const_cast<std::uint8_t*>(image.pixels.data())};
}

/// Values in 0..1 as bytes; cut off, not rounded, as the package does.
Image as_bytes(const cv::Mat& picture) {
  Image out(picture.cols, picture.rows);
  // Sums that are whole numbers but for the last bit of a float are meant as those.
  constexpr float rounding = 0.004F;
  for (int y = 0; y < picture.rows; ++y) {
    const auto* from = picture.ptr<float>(y);
    std::uint8_t* to = out.at(0, y);
    for (int k = 0; k < 3 * picture.cols; ++k)
      to[k] = static_cast<std::uint8_t>(std::clamp(from[k] * 255 + rounding, 0.0F, 255.0F));
  }
  return out;
}

/// The whole pixels whose mean one of `to` blocks is: those with their middle in it, one on the border belonging to the
/// block before (Pillow's box filter).
cv::Range block(int place, int from, int to) {
  const double scale = static_cast<double>(from) / to, middle = (place + 0.5) * scale;
  const auto inside = [&](int pixel) {
    const double away = (pixel - middle + 0.5) / scale;
    return away > -0.5 && away <= 0.5;
  };
  int begin = static_cast<int>(middle - scale / 2 + 0.5),
      end = std::min(static_cast<int>(middle + scale / 2 + 0.5), from);
  while (begin + 1 < end && !inside(begin)) ++begin;
  while (end - 1 > begin && !inside(end - 1)) --end;
  return {begin, std::max(end, begin + 1)};
}

/// Of each of `to` pixels, the nearest of `from`; the places are summed up, as in Pillow, so that ties fall alike.
std::vector<int> nearest(int from, int to) {
  const double step = static_cast<double>(from) / to;
  std::vector<int> places;
  double place = step / 2;
  for (int k = 0; k < to; ++k, place += step) places.push_back(std::min(static_cast<int>(place), from - 1));
  return places;
}

/// The mean over blocks of whole pixels, and the blocks at the old size.
Image pixelated(const Image& image, int level) {
  constexpr std::array shares{0.6, 0.5, 0.4, 0.3, 0.25};
  const double share = shares.at(static_cast<std::size_t>(level));
  const auto width = static_cast<int>(image.width * share), height = static_cast<int>(image.height * share);
  const cv::Mat source = pixels_of(image);
  cv::Mat small(height, width, CV_8UC3);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const cv::Scalar mean = cv::mean(source(block(y, image.height, height), block(x, image.width, width)));
      for (int c = 0; c < 3; ++c) small.at<cv::Vec3b>(y, x)[c] = cv::saturate_cast<std::uint8_t>(mean[c]);
    }
  Image out(image.width, image.height);
  cv::Mat target = pixels_of(out);
  const std::vector<int> rows = nearest(height, image.height), columns = nearest(width, image.width);
  for (int y = 0; y < image.height; ++y)
    for (int x = 0; x < image.width; ++x)
      target.at<cv::Vec3b>(y, x) =
          small.at<cv::Vec3b>(rows[static_cast<std::size_t>(y)], columns[static_cast<std::size_t>(x)]);
  return out;
}

Image compressed(Image image, int level) {
  constexpr std::array quality{25, 18, 15, 10, 7};
  leave_jpeg_traces(image, quality.at(static_cast<std::size_t>(level)));
  return image;
}

cv::Mat corrupt(const cv::Mat& picture, Corruption kind, int level, Random& random) {
  switch (kind) {
    case Corruption::gaussian_noise:
      return corruption::gaussian_noise(picture, level, random);
    case Corruption::shot_noise:
      return corruption::shot_noise(picture, level, random);
    case Corruption::impulse_noise:
      return corruption::impulse_noise(picture, level, random);
    case Corruption::defocus_blur:
      return corruption::defocus_blur(picture, level);
    case Corruption::glass_blur:
      return corruption::glass_blur(picture, level, random);
    case Corruption::motion_blur:
      return corruption::motion_blur(picture, level, random);
    case Corruption::zoom_blur:
      return corruption::zoom_blur(picture, level);
    case Corruption::snow:
      return corruption::snow(picture, level, random);
    case Corruption::frost:
      return corruption::frost(picture, level, random);
    case Corruption::fog:
      return corruption::fog(picture, level, random);
    case Corruption::brightness:
      return corruption::brightness(picture, level);
    case Corruption::contrast:
      return corruption::contrast(picture, level);
    case Corruption::elastic_transform:
      return corruption::elastic_transform(picture, level, random);
    case Corruption::pixelate:
    case Corruption::jpeg_compression:
      break;
  }
  throw UsageError("this corruption works on bytes", to_string(kind));
}

void check_pixels(const Image& image) {
  if (image.width <= 0 || image.height <= 0) throw InputError("the picture has no pixels");
}

}  // namespace

std::string to_string(Corruption kind) {
  constexpr std::array names{
      "gaussian_noise",    "shot_noise", "impulse_noise",   "defocus_blur", "glass_blur", "motion_blur",
      "zoom_blur",         "snow",       "frost",           "fog",          "brightness", "contrast",
      "elastic_transform", "pixelate",   "jpeg_compression"};
  return names.at(static_cast<std::size_t>(kind));
}

Image corrupted(const Image& image, Corruption kind, int severity, Random random) {
  if (severity < 1 || severity > corruption_severities)
    throw UsageError(fmt::format("a corruption's severity is 1 to {}", corruption_severities));
  if (std::min(image.width, image.height) < corruption_side)
    throw InputError(fmt::format("{} x {} pixels are too few to corrupt: a side has at least {}", image.width,
                                 image.height, corruption_side));
  keep_opencv_on_one_thread();
  const int level = severity - 1;
  if (kind == Corruption::pixelate) return pixelated(image, level);
  if (kind == Corruption::jpeg_compression) return compressed(image, level);
  cv::Mat picture;
  pixels_of(image).convertTo(picture, CV_32FC3, 1 / 255.0);
  return as_bytes(corrupt(picture, kind, level, random));
}

Image rotated(const Image& image, double degrees) {
  check_pixels(image);
  keep_opencv_on_one_thread();
  const cv::Point2f middle(static_cast<float>(image.width - 1) / 2, static_cast<float>(image.height - 1) / 2);
  Image out(image.width, image.height);
  cv::Mat target = pixels_of(out);
  cv::warpAffine(pixels_of(image), target, cv::getRotationMatrix2D(middle, degrees, 1), target.size(), cv::INTER_LINEAR,
                 cv::BORDER_REFLECT_101);
  return out;
}

Image middle_of(const Image& image, double share) {
  if (!(share > 0 && share <= 1)) throw UsageError("the share of a picture's sides is above 0 and at most 1");
  check_pixels(image);
  const auto part = [&](int size) { return std::max(1, static_cast<int>(std::lround(size * share))); };
  Image out(part(image.width), part(image.height));
  const cv::Rect middle((image.width - out.width) / 2, (image.height - out.height) / 2, out.width, out.height);
  cv::Mat target = pixels_of(out);
  pixels_of(image)(middle).copyTo(target);
  return out;
}

}  // namespace naevus::image
