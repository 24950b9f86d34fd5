#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "corruption_parts.hpp"

namespace naevus::image::corruption {
namespace {

/// A disk of ones whose edge is smoothed, with sum 1.
cv::Mat disk(int radius, double smooth) {
  constexpr int small = 8;
  const int reach = std::max(radius, small);
  const int width = radius <= small ? 3 : 5;
  cv::Mat kernel(2 * reach + 1, 2 * reach + 1, CV_32F);
  for (int y = -reach; y <= reach; ++y)
    for (int x = -reach; x <= reach; ++x) kernel.at<float>(y + reach, x + reach) = x * x + y * y <= radius * radius;
  kernel /= cv::sum(kernel)[0];
  cv::GaussianBlur(kernel, kernel, {width, width}, smooth);
  return kernel;
}

/// The picture moved by whole pixels; what comes in repeats the edge.
cv::Mat shifted(const cv::Mat& picture, int dx, int dy) {
  cv::Mat wide;
  cv::copyMakeBorder(picture, wide, std::max(dy, 0), std::max(-dy, 0), std::max(dx, 0), std::max(-dx, 0),
                     cv::BORDER_REPLICATE);
  return wide(cv::Rect(std::max(-dx, 0), std::max(-dy, 0), picture.cols, picture.rows));
}

/// Places from start in steps, the end left out, as numpy.arange has them, rounding included.
std::vector<double> places(double start, double end, double step) {
  std::vector<double> values;
  const double next = start + step;
  const auto count = static_cast<int>(std::ceil((end - start) / step));
  for (int k = 0; k < count; ++k) values.push_back(start + k * (next - start));
  return values;
}

}  // namespace

cv::Mat gaussian(const cv::Mat& picture, double sigma_x, double sigma_y, double cut, int border) {
  const auto width = [&](double sigma) { return 2 * static_cast<int>(cut * sigma + 0.5) + 1; };
  cv::Mat out;
  cv::GaussianBlur(picture, out, {width(sigma_x), width(sigma_y)}, sigma_x, sigma_y, border);
  return out;
}

cv::Mat moved(const cv::Mat& picture, const Motion& motion) {
  const int width = 2 * motion.radius + 1;
  const double angle = motion.degrees * std::numbers::pi / 180;
  std::vector<double> weight;
  double sum = 0;
  for (int k = 0; k < width; ++k) {
    weight.push_back(std::exp(-k * k / (2 * motion.sigma * motion.sigma)));
    sum += weight.back();
  }
  cv::Mat out = cv::Mat::zeros(picture.size(), picture.type());
  for (int k = 0; k < width; ++k) {
    const int dy = -static_cast<int>(std::ceil(k * std::sin(angle) - 0.5));
    const int dx = -static_cast<int>(std::ceil(k * std::cos(angle) - 0.5));
    if (std::abs(dy) >= picture.rows || std::abs(dx) >= picture.cols) break;
    out += weight[static_cast<std::size_t>(k)] / sum * shifted(picture, dx, dy);
  }
  return out;
}

cv::Mat zoomed(const cv::Mat& picture, double factor) {
  const auto part = [&](int size) { return static_cast<int>(std::ceil(size / factor)); };
  const int height = part(picture.rows), width = part(picture.cols);
  const cv::Mat middle = picture(cv::Rect((picture.cols - width) / 2, (picture.rows - height) / 2, width, height));
  const auto map = [](int from, double times, int kept) {
    const auto to = static_cast<int>(std::lround(from * times));
    cv::Mat places(1, kept, CV_32F);
    for (int k = 0; k < kept; ++k)
      places.at<float>(k) = static_cast<float>(to > 1 ? k * static_cast<double>(from - 1) / (to - 1) : 0);
    return places;
  };
  cv::Mat x, y, out;
  cv::repeat(map(width, factor, picture.cols), picture.rows, 1, x);
  cv::repeat(map(height, factor, picture.rows).t(), 1, picture.cols, y);
  cv::remap(middle, out, x, y, cv::INTER_LINEAR, cv::BORDER_REPLICATE);
  return out;
}

cv::Mat defocus_blur(const cv::Mat& picture, int level) {
  struct Disk {
    int radius;
    double smooth;
  };
  constexpr std::array disks{Disk{3, 0.1}, Disk{4, 0.5}, Disk{6, 0.5}, Disk{8, 0.5}, Disk{10, 0.5}};
  const Disk& chosen = disks.at(static_cast<std::size_t>(level));
  cv::Mat out;
  cv::filter2D(picture, out, -1, disk(chosen.radius, chosen.smooth), {-1, -1}, 0, cv::BORDER_REFLECT_101);
  return out;
}

cv::Mat glass_blur(const cv::Mat& picture, int level, Random& random) {
  struct Glass {
    double sigma;
    int reach, times;
  };
  constexpr std::array kinds{Glass{0.7, 1, 2}, Glass{0.9, 2, 1}, Glass{1, 2, 3}, Glass{1.1, 3, 2}, Glass{1.5, 4, 2}};
  const Glass& glass = kinds.at(static_cast<std::size_t>(level));
  constexpr double cut = 4;
  cv::Mat out = gaussian(picture, glass.sigma, glass.sigma, cut, cv::BORDER_REPLICATE);
  const auto drawn = [&] {
    return static_cast<int>(random.below(2 * static_cast<std::uint64_t>(glass.reach))) - glass.reach;
  };
  for (int k = 0; k < glass.times; ++k)
    for (int y = out.rows - glass.reach; y > glass.reach; --y)
      for (int x = out.cols - glass.reach; x > glass.reach; --x) {
        const int dx = drawn(), dy = drawn();
        // Meant as an exchange of two pixels; the published code copies one over the other, and so do the scores that
        // are compared with.
        out.at<cv::Vec3f>(y, x) = out.at<cv::Vec3f>(y + dy, x + dx);
      }
  return gaussian(out, glass.sigma, glass.sigma, cut, cv::BORDER_REPLICATE);
}

cv::Mat motion_blur(const cv::Mat& picture, int level, Random& random) {
  constexpr std::array radius{10, 15, 15, 15, 20};
  constexpr std::array sigma{3.0, 5.0, 8.0, 12.0, 15.0};
  const auto at = static_cast<std::size_t>(level);
  return moved(picture, {.radius = radius.at(at), .sigma = sigma.at(at), .degrees = random.uniform(-45, 45)});
}

cv::Mat zoom_blur(const cv::Mat& picture, int level) {
  constexpr std::array end{1.11, 1.16, 1.21, 1.26, 1.31};
  constexpr std::array step{0.01, 0.01, 0.02, 0.02, 0.03};
  const auto at = static_cast<std::size_t>(level);
  const std::vector<double> factors = places(1, end.at(at), step.at(at));
  cv::Mat sum = picture.clone();
  for (const double factor : factors) sum += zoomed(picture, factor);
  return sum / static_cast<double>(factors.size() + 1);
}

}  // namespace naevus::image::corruption
