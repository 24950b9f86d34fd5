#include "components.hpp"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

#include "naevus/base/random.hpp"

namespace naevus::image {
namespace {

cv::Mat random_mask(cv::Size size, std::uint64_t set_of_100, std::uint64_t seed) {
  Random random(seed);
  cv::Mat mask(size, CV_8U);
  for (int y = 0; y < mask.rows; ++y)
    for (int x = 0; x < mask.cols; ++x) mask.at<std::uint8_t>(y, x) = random.below(100) < set_of_100 ? 255 : 0;
  return mask;
}

// OpenCV's labels, in another order: each of ours is to be one of theirs, with its size, place and centre.
void expect_same_as_opencv(const cv::Mat& mask) {
  cv::Mat labels, stats, centres;
  const int theirs = cv::connectedComponentsWithStats(mask, labels, stats, centres, 8);
  const Components found = components_of(mask);
  ASSERT_EQ(static_cast<int>(found.parts.size()), theirs - 1);  // theirs count the ground
  int set = 0;
  for (const Run& run : found.runs) {
    const Component& part = found.parts.at(static_cast<std::size_t>(run.component));
    const int label = labels.at<int>(run.row, run.begin);
    for (int x = run.begin; x < run.end; ++x, ++set) ASSERT_EQ(labels.at<int>(run.row, x), label);
    EXPECT_EQ(part.area, stats.at<int>(label, cv::CC_STAT_AREA));
    EXPECT_EQ(cv::Rect(part.left, part.top, part.width(), part.height()),
              cv::Rect(stats.at<int>(label, cv::CC_STAT_LEFT), stats.at<int>(label, cv::CC_STAT_TOP),
                       stats.at<int>(label, cv::CC_STAT_WIDTH), stats.at<int>(label, cv::CC_STAT_HEIGHT)));
    EXPECT_NEAR(part.center_x(), centres.at<double>(label, 0), 1e-9);
    EXPECT_NEAR(part.center_y(), centres.at<double>(label, 1), 1e-9);
  }
  EXPECT_EQ(set, cv::countNonZero(mask));
}

TEST(Components, AreThoseOfOpenCVForMasksOfAnyWidthAndDensity) {
  std::uint64_t seed = 0;
  for (const int width : {1, 2, 15, 16, 17, 63, 64, 65, 128, 200})
    for (const std::uint64_t density : {0U, 5U, 30U, 50U, 70U, 95U, 100U}) {
      SCOPED_TRACE(testing::Message() << width << " wide, " << density << " %");
      expect_same_as_opencv(random_mask({width, 37}, density, ++seed));
    }
}

TEST(Components, ArePartsOfALargerMaskToo) {
  const cv::Mat mask = random_mask({100, 80}, 50, 1);
  expect_same_as_opencv(mask(cv::Rect(7, 5, 70, 60)));
}

}  // namespace
}  // namespace naevus::image
