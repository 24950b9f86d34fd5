#include "naevus/image/overlay.hpp"

#include <gtest/gtest.h>

namespace naevus::image {
namespace {

TEST(Overlay, WhatIsWeakStaysAsItIsAndWhatIsStrongGlowsYellow) {
  Image picture(3, 1);
  picture.pixels.assign(9, 100);
  const Image seen = glow_over(picture, std::vector<float>{0, 0.5F, 1});
  EXPECT_EQ(std::vector(seen.at(0, 0), seen.at(1, 0)), std::vector<std::uint8_t>(3, 100));
  EXPECT_GT(seen.at(1, 0)[0], seen.at(1, 0)[1]);  // red first
  EXPECT_GT(seen.at(2, 0)[1], 150);
  EXPECT_LT(seen.at(2, 0)[2], 50);
}

}  // namespace
}  // namespace naevus::image
