#include "lines.hpp"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

#include "naevus/base/random.hpp"

namespace naevus::image {
namespace {

TEST(DarkLines, AreTheBlackHatOfOpenCVForPicturesOfAnySize) {
  Random random(1);
  for (const cv::Size size : {cv::Size(1, 1), {3, 5}, {8, 1}, {9, 9}, {40, 17}, {180, 120}}) {
    cv::Mat luma(size, CV_8U);
    for (int y = 0; y < luma.rows; ++y)
      for (int x = 0; x < luma.cols; ++x) luma.at<std::uint8_t>(y, x) = static_cast<std::uint8_t>(random.below(256));
    const auto expected = [&](cv::Size element) {
      cv::Mat hat;
      cv::morphologyEx(luma, hat, cv::MORPH_BLACKHAT, cv::getStructuringElement(cv::MORPH_RECT, element), {-1, -1}, 1,
                       cv::BORDER_REFLECT_101);
      return hat;
    };
    const DarkLines lines = dark_lines_of(luma);
    EXPECT_EQ(cv::norm(lines.upright, expected({9, 1}), cv::NORM_INF), 0) << size;
    EXPECT_EQ(cv::norm(lines.lying, expected({1, 9}), cv::NORM_INF), 0) << size;
  }
}

}  // namespace
}  // namespace naevus::image
