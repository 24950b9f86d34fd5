#include "naevus/copies/signature.hpp"

#include <gtest/gtest.h>

#include "naevus/base/error.hpp"
#include "naevus/copies/symmetry.hpp"
#include "rendered.hpp"

namespace naevus::copies {
namespace {

TEST(Signature, HasOneExactHashInAllEightPositions) {
  for (const auto& [width, height] : {std::pair{40, 40}, {41, 41}, {64, 48}, {48, 65}, {31, 1}, {1, 1}}) {
    const image::Image picture = rendered(3, width, height);
    for (Symmetry s = 1; s < symmetries; ++s)
      EXPECT_EQ(signature(turned(picture, s)).exact, signature(picture).exact)
          << width << "x" << height << " " << int{s};
  }
}

TEST(Signature, ChangesWithTheLeastOfAllPixels) {
  const image::Image picture = rendered(4, 33, 21);
  Random random(4);
  for (int i = 0; i < 200; ++i) {
    image::Image other = picture;
    other.pixels[random.below(other.pixels.size())] ^= 1;
    EXPECT_NE(signature(other).exact, signature(picture).exact);
  }
}

TEST(Signature, TellsWhereAColourStands) {
  // Two pixels trade places: the same pixels in all, in other places.
  image::Image picture = rendered(5, 30, 30), other = picture;
  std::swap_ranges(other.at(2, 3), other.at(2, 3) + 3, other.at(11, 5));
  ASSERT_NE(other, picture);
  EXPECT_NE(signature(other).exact, signature(picture).exact);
}

TEST(Signature, SeesShapesApartFromSizes) {
  EXPECT_NE(signature(image::Image(20, 10)).exact, signature(image::Image(10, 10)).exact);
}

TEST(Signature, OfNoPicturesIsRefused) {
  EXPECT_THROW(signature(image::Image()), InputError);
}

TEST(Signature, OfAPictureSmallerThanItsThumbnailHasAll) {
  image::Image tiny(2, 1);
  tiny.at(1, 0)[0] = tiny.at(1, 0)[1] = tiny.at(1, 0)[2] = 200;
  const Signature result = signature(tiny);
  for (int y = 0; y < Signature::side; ++y) {
    EXPECT_EQ(result.thumbnail[static_cast<std::size_t>(y * Signature::side)], 0);
    EXPECT_EQ(result.thumbnail[static_cast<std::size_t>(y * Signature::side + Signature::side - 1)], 255);
  }
}

}  // namespace
}  // namespace naevus::copies
