#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "corruption_parts.hpp"

namespace naevus::image::corruption {
namespace {

/// A seamless square of numbers, of which the diamond-square algorithm fills in the middles.
class Heights {
 public:
  Heights(int side, double decay, Random& random) : map_(cv::Mat::zeros(side, side, CV_64F)), random_(random) {
    double height = 100;
    for (int step = side; step >= 2; step /= 2, height /= decay) {
      const int half = step / 2;
      for (int y = half; y < side; y += step)
        for (int x = half; x < side; x += step)
          at(y, x) =
              drawn(at(y - half, x - half) + at(y - half, x + half) + at(y + half, x - half) + at(y + half, x + half),
                    height);
      for (int y = 0; y < side; y += half)
        for (int x = y % step == 0 ? half : 0; x < side; x += step)
          at(y, x) = drawn(at(y - half, x) + at(y + half, x) + at(y, x - half) + at(y, x + half), height);
    }
  }

  cv::Mat in_unit_range() const {
    double low = 0, high = 0;
    cv::minMaxLoc(map_, &low, &high);
    cv::Mat out;
    map_.convertTo(out, CV_32F, 1 / std::max(high - low, 1e-12), -low / std::max(high - low, 1e-12));
    return out;
  }

 private:
  double& at(int y, int x) {
    const int side = map_.rows;
    return map_.at<double>((y + side) % side, (x + side) % side);
  }
  double drawn(double sum_of_four, double height) const {
    return sum_of_four / 4 + height * random_.uniform(-height, height);
  }

  cv::Mat map_;
  Random& random_;
};

cv::Mat plasma_for(const cv::Mat& picture, double decay, Random& random) {
  const auto side = static_cast<int>(std::bit_ceil(static_cast<unsigned>(std::max(picture.rows, picture.cols))));
  return plasma(side, decay, random)(cv::Rect(0, 0, picture.cols, picture.rows));
}

cv::Mat in_three_channels(const cv::Mat& layer) {
  cv::Mat out;
  cv::cvtColor(layer, out, cv::COLOR_GRAY2RGB);
  return out;
}

}  // namespace

cv::Mat plasma(int side, double decay, Random& random) {
  return Heights(side, decay, random).in_unit_range();
}

cv::Mat fog(const cv::Mat& picture, int level, Random& random) {
  constexpr std::array strength{1.5, 2.0, 2.5, 2.5, 3.0};
  constexpr std::array decay{2.0, 2.0, 1.7, 1.5, 1.4};
  const auto at = static_cast<std::size_t>(level);
  double brightest = 0;
  cv::minMaxLoc(picture.reshape(1), nullptr, &brightest);
  const cv::Mat layer = plasma_for(picture, decay.at(at), random) * strength.at(at);
  return (picture + in_three_channels(layer)) * (brightest / (brightest + strength.at(at)));
}

cv::Mat frost(const cv::Mat& picture, int level, Random& random) {
  constexpr std::array kept{1.0, 0.8, 0.7, 0.65, 0.6};
  constexpr std::array layered{0.4, 0.6, 0.7, 0.7, 0.75};
  // Mean and spread of red, green and blue in the package's five photographs; the third is the second once more.
  struct Tint {
    cv::Scalar mean, spread;
  };
  const std::array<Tint, 5> tints{Tint{{78, 149, 166}, {27, 16, 15}}, Tint{{201, 205, 214}, {21, 22, 23}},
                                  Tint{{201, 205, 214}, {21, 22, 23}}, Tint{{138, 153, 165}, {28, 28, 30}},
                                  Tint{{112, 123, 135}, {44, 43, 42}}};
  const Tint& tint = tints.at(random.below(tints.size()));
  // A piece of a larger field, as it was of a photograph; their power falls with the frequency to about 1.8, which is
  // steps of the same height at every width.
  constexpr double decay = 1;
  constexpr unsigned photograph = 512;
  const unsigned least = static_cast<unsigned>(std::max(picture.rows, picture.cols));
  const auto side = static_cast<int>(std::max(photograph, std::bit_ceil(least)));
  cv::Mat field = plasma(side, decay, random);
  cv::Scalar mean, spread;
  cv::meanStdDev(field, mean, spread);
  field = (field - mean[0]) / std::max(spread[0], 1e-12);
  const auto begin = [&](int size) {
    return static_cast<int>(random.below(static_cast<std::uint64_t>(side - size + 1)));
  };
  const int left = begin(picture.cols), top = begin(picture.rows);
  cv::Mat layer = in_three_channels(field(cv::Rect(left, top, picture.cols, picture.rows)));
  cv::multiply(layer, tint.spread / 255, layer);
  cv::add(layer, tint.mean / 255, layer);
  const auto at = static_cast<std::size_t>(level);
  layer = cv::min(cv::max(layer, 0), 1);
  return kept.at(at) * picture + layered.at(at) * layer;
}

cv::Mat snow(const cv::Mat& picture, int level, Random& random) {
  struct Snow {
    double mean, spread, zoom, threshold;
    int radius;
    double sigma, kept;
  };
  constexpr std::array kinds{Snow{0.1, 0.3, 3, 0.5, 10, 4, 0.8}, Snow{0.2, 0.3, 2, 0.5, 12, 4, 0.7},
                             Snow{0.55, 0.3, 4, 0.9, 12, 8, 0.7}, Snow{0.55, 0.3, 4.5, 0.85, 12, 8, 0.65},
                             Snow{0.55, 0.3, 2.5, 0.85, 12, 12, 0.55}};
  const Snow& kind = kinds.at(static_cast<std::size_t>(level));
  cv::Mat flakes(picture.size(), CV_32F);
  for (int y = 0; y < flakes.rows; ++y)
    for (int x = 0; x < flakes.cols; ++x)
      flakes.at<float>(y, x) = static_cast<float>(kind.mean + kind.spread * random.normal());
  flakes = zoomed(flakes, kind.zoom);
  cv::threshold(flakes, flakes, kind.threshold, 0, cv::THRESH_TOZERO);
  flakes = cv::min(flakes, 1);
  flakes = moved(flakes, {.radius = kind.radius, .sigma = kind.sigma, .degrees = random.uniform(-135, -45)});
  cv::Mat grey, turned;
  cv::cvtColor(picture, grey, cv::COLOR_RGB2GRAY);
  cv::rotate(flakes, turned, cv::ROTATE_180);
  const cv::Mat pale = cv::max(picture, in_three_channels(grey * 1.5 + 0.5));
  return kind.kept * picture + (1 - kind.kept) * pale + in_three_channels(flakes + turned);
}

}  // namespace naevus::image::corruption
