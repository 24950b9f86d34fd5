#include "naevus/image/augment.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <numeric>

#include "color_matrix.hpp"
#include "golden_pictures.hpp"
#include "naevus/base/error.hpp"
#include "naevus/image/decode.hpp"

namespace naevus::image {
namespace {

/// Smooth, and different along x, along y and per channel.
Image smooth(int width, int height) {
  Image image(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const double u = (x + 0.5) / width, v = (y + 0.5) / height;
      image.at(x, y)[0] = static_cast<std::uint8_t>(30 + 190 * u);
      image.at(x, y)[1] = static_cast<std::uint8_t>(40 + 170 * v);
      image.at(x, y)[2] = static_cast<std::uint8_t>(128 + 80 * std::sin(3 * u + 2 * v));
    }
  }
  return image;
}

double mean_difference(const Image& a, const Image& b) {
  EXPECT_EQ(a.pixels.size(), b.pixels.size());
  double sum = 0;
  for (std::size_t i = 0; i < a.pixels.size(); ++i) sum += std::abs(a.pixels[i] - b.pixels[i]);
  return sum / static_cast<double>(a.pixels.size());
}

TEST(Augment, WithNothingSwitchedOnLooksAtWhatPrepareDoes) {
  for (const Frame frame : {Frame::whole, Frame::centre_square}) {
    for (const auto& [width, height] : {std::pair{600, 450}, {96, 96}, {41, 230}}) {
      const Image image = smooth(width, height);
      const Preparation preparation{.width = 96, .height = 96, .frame = frame};
      EXPECT_LT(mean_difference(augment(image, preparation, no_augmentation(), Random(1)), prepare(image, preparation)),
                0.8)
          << width << " x " << height;
    }
  }
}

TEST(Augment, AtTheSameSizeWithNothingSwitchedOnChangesNothing) {
  const Image image = decode(golden_picture("rgb8.png"));
  EXPECT_EQ(augment(image, {.width = 37, .height = 29, .frame = Frame::whole}, no_augmentation(), Random(1)), image);
}

TEST(Augment, GivesTheSamePictureForTheSameRandomStream) {
  const Image image = smooth(120, 90);
  const Preparation preparation{.width = 64, .height = 64};
  const Augmentation options{.cutout = 0.5};
  EXPECT_EQ(augment(image, preparation, options, Random(1, {2, 3})),
            augment(image, preparation, options, Random(1, {2, 3})));
  EXPECT_NE(augment(image, preparation, options, Random(1, {2, 3})),
            augment(image, preparation, options, Random(1, {2, 4})));
}

TEST(Augment, MirrorsHalfOfThePictures) {
  const Image image = smooth(32, 32);
  Augmentation options = no_augmentation();
  options.flip = true;
  int mirrored = 0;
  for (std::uint64_t i = 0; i < 400; ++i) {
    const Image out = augment(image, {.width = 32, .height = 32}, options, Random(5, {i}));
    mirrored += *out.at(0, 0) > *out.at(31, 0);
  }
  EXPECT_NEAR(mirrored, 200, 40);  // four standard deviations
}

TEST(Augment, TurnsByTheAngleItDrew) {
  // A turned gradient keeps its length and shows all directions.
  const Image image = smooth(200, 200);
  Augmentation options = no_augmentation();
  options.rotation = 180;
  double low = 0, high = 0;
  for (std::uint64_t i = 0; i < 100; ++i) {
    const Image out = augment(image, {.width = 100, .height = 100}, options, Random(5, {i}));
    const double dx = *out.at(70, 50) - *out.at(30, 50), dy = *out.at(50, 70) - *out.at(50, 30);
    EXPECT_NEAR(std::hypot(dx, dy), 190 * 0.4, 3);
    low = std::min(low, dx), high = std::max(high, dx);
  }
  EXPECT_LT(low, -60);
  EXPECT_GT(high, 60);
}

TEST(Augment, DoesNotAliasWhenItShrinks) {
  // Stripes finer than the output can show must come out grey, as prepare shows them.
  Image image(800, 800);
  for (int y = 0; y < 800; ++y)
    for (int x = 0; x < 800; ++x) std::fill_n(image.at(x, y), 3, static_cast<std::uint8_t>(x % 2 != 0 ? 255 : 0));
  Augmentation options = no_augmentation();
  options.rotation = 20;
  const Image out = augment(image, {.width = 100, .height = 100}, options, Random(3));
  for (const auto value : out.pixels) ASSERT_NEAR(value, 128, 12);
}

TEST(Augment, TakesAnyPictureAndAnyLegalOption) {
  const Augmentation strong{.rotation = 180,
                            .scale_low = 0.1,
                            .scale_high = 4,
                            .aspect = 0.5,
                            .shift = 0.5,
                            .shear = 45,
                            .brightness = 0.9,
                            .contrast = 0.9,
                            .saturation = 1,
                            .hue = 0.5,
                            .white_balance = 0.9,
                            .blur = 1,
                            .cutout = 1};
  for (const auto& [width, height] : {std::pair{1, 1}, {1, 500}, {32'767, 1}, {2, 3}, {300, 7}, {640, 480}}) {
    const Image image = smooth(width, height);
    for (const Frame frame : {Frame::whole, Frame::centre_square}) {
      for (std::uint64_t i = 0; i < 20; ++i) {
        const Image out = augment(image, {.width = 33, .height = 21, .frame = frame}, strong, Random(1, {i}));
        ASSERT_EQ(out.pixels.size(), 33U * 21U * 3U);
      }
      augment(image, {.width = 1, .height = 1, .frame = frame}, strong, Random(2));
    }
  }
}

TEST(Augment, CutsOneGreySquare) {
  Image image(90, 90);
  Augmentation options = no_augmentation();
  options.cutout = 1;
  for (std::uint64_t i = 0; i < 20; ++i) {
    const Image out = augment(image, {.width = 90, .height = 90}, options, Random(1, {i}));
    const auto side = std::sqrt(static_cast<double>(std::ranges::count(out.pixels, 128)) / 3);
    EXPECT_EQ(side, std::round(side));
    EXPECT_GE(side, 1);
    EXPECT_LE(side, 30);
  }
}

TEST(AugmentOptions, AreRefusedOutsideTheirRangeByName) {
  const auto refused = [](const Augmentation& options) {
    try {
      validate(options);
    } catch (const UsageError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(refused({}), "");
  EXPECT_NE(refused({.rotation = -1}).find("rotation"), std::string::npos);
  EXPECT_NE(refused({.scale_low = 1.3, .scale_high = 1.2}).find("scale_low"), std::string::npos);
  EXPECT_NE(refused({.brightness = std::nan("")}).find("brightness"), std::string::npos);
}

TEST(ColorChange, KeepsGreyGreyUnderHueAndSaturation) {
  Image image(8, 8);
  std::ranges::fill(image.pixels, std::uint8_t{100});
  change_color(image, {.saturation = 1.7, .hue = 1.1});
  EXPECT_EQ(std::ranges::count(image.pixels, 100), std::ssize(image.pixels));
}

TEST(ColorChange, WithoutSaturationIsTheLuma) {
  Image image(1, 1);
  image.pixels = {200, 100, 50};
  change_color(image, {.saturation = 0});
  for (const auto value : image.pixels) EXPECT_NEAR(value, 0.299 * 200 + 0.587 * 100 + 0.114 * 50, 0.51);
}

TEST(ColorChange, ScalesByBrightnessAndSpreadsAboutTheMeanByContrast) {
  Image image(2, 1);
  image.pixels = {100, 100, 100, 140, 140, 140};
  change_color(image, {.brightness = 0.5, .contrast = 1.5});
  EXPECT_EQ(image.pixels[0], 45);  // mean 60; 60 + 1.5 * (50 - 60)
  EXPECT_EQ(image.pixels[3], 75);
}

TEST(ColorChange, TurnsHueByAThirdOfTheCircle) {
  Image image(1, 1);
  image.pixels = {140, 100, 100};
  change_color(image, {.hue = 2 * 3.14159265358979 / 3});
  EXPECT_GT(std::max(image.pixels[1], image.pixels[2]), image.pixels[0]);
}

}  // namespace
}  // namespace naevus::image
