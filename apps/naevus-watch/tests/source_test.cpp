#include "source.hpp"

#include <gtest/gtest.h>

#include "naevus/image/prepare.hpp"

namespace naevus::watch {
namespace {

TEST(Source, IsShownWithoutItsPassword) {
  EXPECT_EQ(without_password("rtsp://user:secret@camera.example:554/1"), "rtsp://camera.example:554/1");
  EXPECT_EQ(without_password("rtsp://user:s@cret@camera.example"), "rtsp://camera.example");
  EXPECT_EQ(without_password("rtsp://camera.example/a@b"), "rtsp://camera.example/a@b");
  EXPECT_EQ(without_password("clip@home.mp4"), "clip@home.mp4");
}

TEST(Source, IsLookedAtInTheLargestSquareInTheMiddle) {
  image::Image picture(5, 2);
  for (std::size_t i = 0; i < picture.pixels.size(); ++i) picture.pixels[i] = static_cast<std::uint8_t>(i);
  const Square square = square_of(picture);
  EXPECT_EQ(square.x, 1);
  EXPECT_EQ(square.y, 0);
  EXPECT_EQ(square.side, 2);
  const image::Image part = cut(picture, square);
  EXPECT_EQ(part.pixels, (std::vector<std::uint8_t>{3, 4, 5, 6, 7, 8, 18, 19, 20, 21, 22, 23}));
  EXPECT_EQ(cut(part, square_of(part)), part);
}

TEST(Source, OfAStandingPictureIsThatOfThePreparation) {
  image::Image picture(7, 10);
  for (std::size_t i = 0; i < picture.pixels.size(); ++i) picture.pixels[i] = static_cast<std::uint8_t>(i * 37);
  const image::Preparation preparation{.width = 4, .height = 4};
  EXPECT_EQ(image::prepare(cut(picture, square_of(picture)), preparation), image::prepare(picture, preparation));
}

}  // namespace
}  // namespace naevus::watch
