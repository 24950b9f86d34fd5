#include "naevus/image/prepare.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "golden_pictures.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/random.hpp"

namespace naevus::image {
namespace {

std::vector<std::uint8_t> from_hex(const std::string& text) {
  std::vector<std::uint8_t> out;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2)
    out.push_back(static_cast<std::uint8_t>(std::stoi(text.substr(i, 2), nullptr, 16)));
  return out;
}

Image noise(int width, int height) {
  Image image(width, height);
  Random random(7);
  for (auto& value : image.pixels) value = static_cast<std::uint8_t>(random.below(256));
  return image;
}

Image crop(const Image& image, int left, int top, int width, int height) {
  Image out(width, height);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) std::copy_n(image.at(left + x, top + y), 3, out.at(x, y));
  return out;
}

Filter filter_named(const std::string& name) {
  Preparation preparation;
  set_step(preparation, "resize", name);
  return preparation.resize;
}

void expect_formula_and_pillow(const nlohmann::json& test, Filter filter) {
  Image image(test.at("width"), test.at("height"));
  image.pixels = from_hex(test.at("pixels"));
  const Image out = resize(image, test.at("out_width"), test.at("out_height"), filter);
  const auto exact = test.at("exact").get<std::vector<double>>();
  const auto pillow = from_hex(test.at("pillow"));
  ASSERT_EQ(out.pixels.size(), exact.size());
  for (std::size_t i = 0; i < exact.size(); ++i)
    EXPECT_LE(std::abs(out.pixels[i] - std::clamp(exact[i], 0.0, 255.0)), 0.501)
        << i << " of " << out.width << " x " << out.height;
  for (std::size_t i = 0; i < pillow.size(); ++i)
    EXPECT_LE(std::abs(out.pixels[i] - pillow[i]), 1) << i << " of " << out.width << " x " << out.height;
}

// make_resize.py: the formula as dense matrices in double precision, and Pillow's BILINEAR.
TEST(Resize, EqualsTheFormulaAndIsWithinOneOfPillow) {
  for (const auto& test : golden_json("resize.json")) expect_formula_and_pillow(test, Filter::triangle);
}

// The same for area and lanczos, with Pillow's BOX where it is an area mean, and its LANCZOS.
TEST(Resize, EqualsTheFormulaWithEveryFilter) {
  std::size_t with_pillow = 0;
  for (const auto& test : golden_json("resize_filters.json")) {
    expect_formula_and_pillow(test, filter_named(test.at("filter")));
    if (test.at("pillow") != "") ++with_pillow;
  }
  EXPECT_GE(with_pillow, 8U);
}

TEST(Resize, ToTheSameSizeChangesNothing) {
  const Image image = noise(23, 31);
  EXPECT_EQ(resize(image, 23, 31), image);
}

TEST(Resize, KeepsAPlainColourPlain) {
  Image image(101, 67);
  std::ranges::fill(image.pixels, std::uint8_t{255});
  for (const int size : {1, 13, 66, 150}) {
    for (const Filter filter : {Filter::triangle, Filter::area, Filter::lanczos}) {
      const Image out = resize(image, size, size, filter);
      EXPECT_EQ(std::ranges::count(out.pixels, 255), std::ssize(out.pixels)) << size;
    }
  }
}

TEST(Resize, RefusesAnEmptySize) {
  EXPECT_THROW(resize(noise(3, 3), 0, 2), UsageError);
}

TEST(Prepare, LooksAtTheLargestCentredSquare) {
  const Image image = noise(10, 5);  // 5 left over: 2 at the left, 3 at the right
  EXPECT_EQ(prepare(image, {.width = 5, .height = 5}), crop(image, 2, 0, 5, 5));
  EXPECT_EQ(prepare(image, {.width = 3, .height = 4}), resize(crop(image, 2, 0, 5, 5), 3, 4));
}

TEST(Prepare, GivesUpTheAspectOfAWholeFrame) {
  const Image image = noise(10, 5);
  EXPECT_EQ(prepare(image, {.width = 4, .height = 4, .frame = Frame::whole}), resize(image, 4, 4));
}

TEST(PixelHash, TellsSizesAndPixelsApart) {
  const Image image = noise(6, 4);
  Image turned(4, 6);
  turned.pixels = image.pixels;
  Image other = image;
  other.pixels.back() ^= 1;
  EXPECT_EQ(pixel_hash(image), pixel_hash(noise(6, 4)));
  EXPECT_NE(pixel_hash(image), pixel_hash(turned));
  EXPECT_NE(pixel_hash(image), pixel_hash(other));
}

}  // namespace
}  // namespace naevus::image
