#include "naevus/image/augment.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <string>
#include <utility>

#include "color_matrix.hpp"
#include "golden_pictures.hpp"
#include "naevus/base/error.hpp"
#include "naevus/image/augmentation_keys.hpp"
#include "naevus/image/decode.hpp"
#include "smooth_picture.hpp"

namespace naevus::image {
namespace {

double mean_difference(const Image& a, const Image& b) {
  EXPECT_EQ(a.pixels.size(), b.pixels.size());
  double sum = 0;
  for (std::size_t i = 0; i < a.pixels.size(); ++i) sum += std::abs(a.pixels[i] - b.pixels[i]);
  return sum / static_cast<double>(a.pixels.size());
}

TEST(Augment, WithNothingSwitchedOnLooksAtWhatPrepareDoes) {
  for (const Frame frame : {Frame::whole, Frame::centre_square}) {
    for (const auto& [width, height] : {std::pair{600, 450}, {96, 96}, {41, 230}}) {
      const Image image = smooth_picture(width, height);
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
  const Image image = smooth_picture(120, 90);
  const Preparation preparation{.width = 64, .height = 64};
  const Augmentation options{.cutout = 0.5};
  EXPECT_EQ(augment(image, preparation, options, Random(1, {2, 3})),
            augment(image, preparation, options, Random(1, {2, 3})));
  EXPECT_NE(augment(image, preparation, options, Random(1, {2, 3})),
            augment(image, preparation, options, Random(1, {2, 4})));
}

TEST(Augment, MirrorsHalfOfThePictures) {
  const Image image = smooth_picture(32, 32);
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
  const Image image = smooth_picture(200, 200);
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
                            .cutout = 1,
                            .quarter_turns = true,
                            .perspective = 0.2,
                            .elastic = 0.05,
                            .noise = 64,
                            .jpeg = 1,
                            .hair = 1,
                            .ruler = 1,
                            .vignette = 1,
                            .randaugment = 10,
                            .randaugment_magnitude = 10};
  Augmentation strong_affine = strong;
  strong_affine.perspective = strong_affine.elastic = 0;
  for (const auto& [width, height] : {std::pair{1, 1}, {1, 500}, {32'767, 1}, {2, 3}, {300, 7}, {640, 480}}) {
    const Image image = smooth_picture(width, height);
    for (const Frame frame : {Frame::whole, Frame::centre_square}) {
      for (std::uint64_t i = 0; i < 20; ++i) {
        const auto& options = i % 2 == 0 ? strong : strong_affine;
        const Image out = augment(image, {.width = 33, .height = 21, .frame = frame}, options, Random(1, {i}));
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

TEST(Augment, ShowsTheShippedModelsPicturesAsItsTrainingDid) {
  // Hashes from the program that trained models/naevus-7.onnx, at the defaults and at its recipe's options.
  Image image(300, 225);
  for (int y = 0; y < 225; ++y) {
    for (int x = 0; x < 300; ++x) {
      image.at(x, y)[0] = static_cast<std::uint8_t>((x * 7 + y * 3) % 256);
      image.at(x, y)[1] = static_cast<std::uint8_t>((x * x / 64 + y) % 256);
      image.at(x, y)[2] = static_cast<std::uint8_t>((x + y * y / 32) % 256);
    }
  }
  const Augmentation recipe{.scale_low = 0.6,
                            .brightness = 0.2,
                            .contrast = 0.2,
                            .saturation = 0.2,
                            .hue = 0.03,
                            .white_balance = 0.1,
                            .blur = 0.2};
  Augmentation blurred_and_cut = recipe;
  blurred_and_cut.blur = blurred_and_cut.cutout = 1;
  const std::pair<Augmentation, std::array<const char*, 3>> cases[] = {
      {{},
       {"a49a875468b171384c8302faffa4f89e", "eec32f7181aafc22aa1b09e581b9d163", "ee5fcc001029cf005bfbeb95c982b36a"}},
      {recipe,
       {"2f10baca2a9239a93a83f97845cb558a", "6f0cde01d4f219b4e3d104d3070e9799", "f27f92e5e700a86ad9d1e42b5b2768d3"}},
      {blurred_and_cut,
       {"25e48689bbeeaf915e31002a32c91a5f", "82fe5e546091ac2f4810ba42e9b26512", "90a9cfc3f02d75e5b2e9a935053c0bd1"}}};
  for (const auto& [options, hashes] : cases) {
    for (std::uint64_t i = 0; i < hashes.size(); ++i) {
      const Image out = augment(image, {.width = 64, .height = 48}, options, augmentation_stream(1, 0, i));
      EXPECT_EQ(pixel_hash(out), hashes[i]);
    }
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

TEST(AugmentOptions, AreEachTakenAtTheEndsOfTheirRangesAndRefusedBeyond) {
  for (const auto& key : augmentation_keys()) {
    Augmentation options;
    options.scale_low = 0.1, options.scale_high = 4;
    const auto set = [&](double value) {
      std::visit([&]<typename T>(T Augmentation::* field) { options.*field = static_cast<T>(value); }, key.field);
    };
    for (const double end : {key.low, key.high}) {
      if (std::string(key.name).starts_with("scale_")) options.scale_low = options.scale_high = end;
      set(end);
      EXPECT_NO_THROW(validate(options)) << key.name << " = " << end;
    }
    if (std::holds_alternative<bool Augmentation::*>(key.field)) continue;
    for (const double beyond : {key.low - 1, key.high + 1}) {
      set(beyond);
      EXPECT_THROW(validate(options), UsageError) << key.name << " = " << beyond;
    }
  }
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
