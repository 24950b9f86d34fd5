#include "naevus/image/shrink.hpp"

#include <gtest/gtest.h>

#include "naevus/image/prepare.hpp"
#include "smooth_picture.hpp"

namespace naevus::image {
namespace {

void expect_size(int width, int height, int longer_side, int expected_width, int expected_height) {
  const Image small = shrunk(Image(width, height), longer_side);
  EXPECT_EQ(small.width, expected_width);
  EXPECT_EQ(small.height, expected_height);
}

TEST(Shrunk, HasThatLongerSideAndTheSameAspect) {
  expect_size(600, 450, 256, 256, 192);
  expect_size(450, 600, 256, 192, 256);
  expect_size(1000, 999, 100, 100, 100);  // 99.9, rounded
  expect_size(3001, 2000, 1600, 1600, 1066);
}

TEST(Shrunk, LeavesNoSideWithoutAPixel) {
  expect_size(5000, 3, 256, 256, 1);
  expect_size(1, 32'767, 1600, 1, 1600);
}

TEST(Shrunk, NeverEnlarges) {
  const Image picture = smooth_picture(80, 60);
  EXPECT_EQ(shrunk(picture, 80), picture);
  EXPECT_EQ(shrunk(picture, 1600), picture);
}

TEST(Shrunk, HasThePixelsOfResize) {
  const Image picture = smooth_picture(300, 200);
  EXPECT_EQ(shrunk(picture, 150), resize(picture, 150, 100));
}

}  // namespace
}  // namespace naevus::image
