#include <algorithm>
#include <array>
#include <opencv2/imgproc.hpp>

#include "corruption_parts.hpp"

namespace naevus::image::corruption {

cv::Mat brightness(const cv::Mat& picture, int level) {
  constexpr std::array more{0.1F, 0.2F, 0.3F, 0.4F, 0.5F};
  const float added = more.at(static_cast<std::size_t>(level));
  cv::Mat out = picture.clone();
  for (int y = 0; y < out.rows; ++y)
    for (int x = 0; x < out.cols; ++x) {
      auto& rgb = out.at<cv::Vec3f>(y, x);
      // Hue and saturation stay where all three keep their ratios.
      const float value = std::max({rgb[0], rgb[1], rgb[2]}), brighter = std::min(value + added, 1.0F);
      rgb = value > 0 ? rgb * (brighter / value) : cv::Vec3f::all(brighter);
    }
  return out;
}

cv::Mat contrast(const cv::Mat& picture, int level) {
  constexpr std::array kept{0.4, 0.3, 0.2, 0.1, 0.05};
  const double share = kept.at(static_cast<std::size_t>(level));
  cv::Mat out = picture * share;
  cv::add(out, cv::mean(picture) * (1 - share), out);
  return out;
}

cv::Mat elastic_transform(const cv::Mat& picture, int level, Random& random) {
  constexpr std::array strength{12.5, 16.25, 21.25, 25.0, 30.0};
  const double most = picture.rows * 0.005;
  constexpr double width = 0.01, cut = 3;  // the smoothing's, of a side
  const auto moves = [&] {
    cv::Mat field(picture.size(), CV_32F);
    for (int y = 0; y < field.rows; ++y)
      for (int x = 0; x < field.cols; ++x) field.at<float>(y, x) = static_cast<float>(random.uniform(-most, most));
    return cv::Mat(gaussian(field, width * picture.cols, width * picture.rows, cut, cv::BORDER_REFLECT) *
                   strength.at(static_cast<std::size_t>(level)));
  };
  cv::Mat x = moves(), y = moves(), out;
  for (int row = 0; row < picture.rows; ++row)
    for (int column = 0; column < picture.cols; ++column) {
      x.at<float>(row, column) += static_cast<float>(column);
      y.at<float>(row, column) += static_cast<float>(row);
    }
  cv::remap(picture, out, x, y, cv::INTER_LINEAR, cv::BORDER_REFLECT);
  return out;
}

}  // namespace naevus::image::corruption
