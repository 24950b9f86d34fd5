#include "naevus/copies/symmetry.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "rendered.hpp"

namespace naevus::copies {
namespace {

TEST(Symmetry, TurnsAPixelWhereItsNameSays) {
  image::Image picture(3, 2);
  picture.at(0, 0)[0] = 255;  // the upper left corner
  EXPECT_EQ(turned(picture, 1).at(2, 0)[0], 255) << symmetry_name(1);
  EXPECT_EQ(turned(picture, 2).at(0, 1)[0], 255) << symmetry_name(2);
  EXPECT_EQ(turned(picture, 3).at(2, 1)[0], 255) << symmetry_name(3);
  const image::Image clockwise = turned(picture, 5);
  EXPECT_EQ(clockwise.width, 2);
  EXPECT_EQ(clockwise.at(1, 0)[0], 255) << symmetry_name(5);
}

TEST(Symmetry, GivesEightDifferentPictures) {
  const image::Image picture = rendered(1, 20, 20);
  std::set<std::string> all;
  for (Symmetry s = 0; s < symmetries; ++s) all.insert(image::pixel_hash(turned(picture, s)));
  EXPECT_EQ(all.size(), 8U);
}

TEST(Symmetry, FollowedByAnotherIsOneOfTheEight) {
  const image::Image picture = rendered(2, 24, 15);
  for (Symmetry first = 0; first < symmetries; ++first) {
    EXPECT_EQ(turned(turned(picture, first), inverse(first)), picture) << int{first};
    for (Symmetry second = 0; second < symmetries; ++second)
      EXPECT_EQ(turned(turned(picture, first), second), turned(picture, then(first, second))) << first << second;
  }
}

}  // namespace
}  // namespace naevus::copies
