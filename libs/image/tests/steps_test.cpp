#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "naevus/base/error.hpp"
#include "naevus/base/random.hpp"
#include "naevus/image/colour_constancy.hpp"
#include "naevus/image/hair.hpp"
#include "naevus/image/prepare.hpp"

namespace naevus::image {
namespace {

using testing::HasSubstr;

/// Skin with a soft blob, grain, and a light of that colour.
Image skin(int width, int height, std::array<double, 3> light = {1, 1, 1}) {
  Image image(width, height);
  Random random(3);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const double r = std::hypot(x - 0.45 * width, y - 0.55 * height) / (0.2 * height);
      const double lesion = std::exp(-r * r);
      const std::array<double, 3> colour{200 - 100 * lesion, 160 - 90 * lesion, 140 - 80 * lesion};
      for (std::size_t c = 0; c < 3; ++c)
        image.at(x, y)[c] =
            static_cast<std::uint8_t>(std::clamp(light[c] * (colour[c] + random.uniform(-6, 6)), 0.0, 255.0));
    }
  }
  return image;
}

/// The same through a round field: black, with some noise, beyond it.
Image through_field(Image image, double x0, double y0, double across, double along) {
  Random random(5);
  for (int y = 0; y < image.height; ++y)
    for (int x = 0; x < image.width; ++x)
      if (std::hypot((x + 0.5 - x0) / across, (y + 0.5 - y0) / along) > 1)
        for (int c = 0; c < 3; ++c) image.at(x, y)[c] = static_cast<std::uint8_t>(random.below(16));
  return image;
}

double darkest_share(const Image& image) {
  std::size_t dark = 0;
  for (std::size_t i = 0; i < image.pixels.size(); i += 3)
    dark += std::max({image.pixels[i], image.pixels[i + 1], image.pixels[i + 2]}) < 20 ? 1U : 0U;
  return 3 * static_cast<double>(dark) / static_cast<double>(image.pixels.size());
}

constexpr Preparation crop{.frame = Frame::whole, .vignette = Vignette::crop};

TEST(Vignette, LeavesTheSquareInsideARoundField) {
  struct Case {
    int width, height;
    double x, y, across, along, side;  // side: of the largest square
  };
  const double root = std::sqrt(2.0);
  for (const Case& c : {Case{600, 450, 300, 225, 220, 220, 220 * root},  // the whole disc shows
                        Case{600, 450, 310, 215, 300, 300, 417},         // it is cut off above and below
                        Case{256, 256, 128, 128, 125, 125, 125 * root},
                        Case{300, 300, 150, 150, 140, 112, 2 / std::hypot(1 / 140.0, 1 / 112.0)},  // squashed
                        Case{1200, 900, 640, 450, 440, 440, 440 * root}}) {
    const Image field = through_field(skin(c.width, c.height), c.x, c.y, c.across, c.along);
    const Image out = clean(field, crop);
    EXPECT_EQ(out.width, out.height);
    EXPECT_LE(out.width, c.side + 1) << c.width << ' ' << c.across;
    EXPECT_GE(out.width, 0.95 * c.side) << c.width << ' ' << c.across;
    EXPECT_EQ(darkest_share(out), 0) << c.width << ' ' << c.across;
  }
}

TEST(Vignette, FindsTheFieldInSpiteOfHairsAndALineAlongTheBorder) {
  Image field = through_field(skin(600, 450), 300, 225, 240, 240);
  for (int x = 60; x < 400; ++x)  // a hair from the rim into the field
    for (int y = 0; y < 4; ++y) std::fill_n(field.at(x, 100 + x / 3 + y), 3, std::uint8_t{15});
  std::fill_n(field.at(0, 446), std::size_t{3} * 600 * 4, std::uint8_t{5});
  const Image out = clean(field, crop);
  EXPECT_NEAR(out.width, 0.97 * 240 * std::sqrt(2.0), 6);
}

TEST(Vignette, LeavesPicturesWithoutARoundRimUntouched) {
  const auto expect_untouched = [](const Image& image, const char* what) {
    EXPECT_EQ(clean(image, crop), image) << what;
  };
  expect_untouched(skin(600, 450), "no rim");
  expect_untouched(Image(40, 30), "all black");
  expect_untouched(Image(1, 1), "one pixel");
  Image bars = skin(600, 450);
  for (int y = 0; y < 450; ++y)
    std::fill_n(bars.at(0, y), 3 * 80, std::uint8_t{3}), std::fill_n(bars.at(520, y), 3 * 80, std::uint8_t{3});
  expect_untouched(bars, "black bars");
  Image dark_lesion = skin(600, 450);
  for (int y = 0; y < 450; ++y)
    for (int x = 0; x < 600; ++x)
      if (std::hypot(x - 20, y - 10) < 200) std::fill_n(dark_lesion.at(x, y), 3, std::uint8_t{25});
  expect_untouched(dark_lesion, "a dark lesion in a corner");
  expect_untouched(through_field(skin(300, 300), 150, 150, 400, 400), "a field that is larger than the picture");
}

TEST(Vignette, LeavesAFrameThatShowsNoRim) {
  const Image field = through_field(skin(600, 450), 300, 225, 330, 330);
  const Preparation square{.width = 450, .height = 450, .vignette = Vignette::crop};
  EXPECT_EQ(prepare(field, square), prepare(field, {.width = 450, .height = 450}));
  EXPECT_NE(clean(field, crop).width, 600);
}

TEST(Steps, DenoisingTakesGrainOffAndKeepsEdges) {
  Image edge(120, 80);
  Random random(2);
  for (int y = 0; y < 80; ++y)
    for (int x = 0; x < 120; ++x)
      for (int c = 0; c < 3; ++c)
        edge.at(x, y)[c] = static_cast<std::uint8_t>((x < 60 ? 70 : 190) + static_cast<int>(random.below(13)) - 6);
  const auto roughness = [](const Image& image) {
    double sum = 0;
    for (int y = 0; y < 80; ++y)
      for (int x = 10; x < 49; ++x) sum += std::abs(image.at(x + 1, y)[1] - image.at(x, y)[1]);
    return sum;
  };
  for (const Denoise how : {Denoise::median, Denoise::bilateral, Denoise::non_local_means}) {
    const Image out = clean(edge, {.frame = Frame::whole, .denoise = how});
    EXPECT_LT(roughness(out), 0.75 * roughness(edge)) << static_cast<int>(how);
    double left = 0, right = 0;
    for (int y = 0; y < 80; ++y) left += out.at(58, y)[1] / 80.0, right += out.at(61, y)[1] / 80.0;
    EXPECT_NEAR(left, 70, 4) << static_cast<int>(how);
    EXPECT_NEAR(right, 190, 4) << static_cast<int>(how);
  }
}

TEST(Steps, ContrastRaisesTheSpreadOfLightAndKeepsTheColour) {
  const Image flat = [] {
    Image image = skin(160, 160);
    for (auto& value : image.pixels) value = static_cast<std::uint8_t>(120 + value / 8);
    return image;
  }();
  const Image out = clean(flat, {.frame = Frame::whole, .contrast = Contrast::clahe});
  const auto spread = [](const Image& image) {
    const auto [low, high] = std::ranges::minmax_element(image.pixels);
    return *high - *low;
  };
  EXPECT_GT(spread(out), 1.3 * spread(flat));
  for (std::size_t i = 0; i < out.pixels.size(); i += 3) {
    EXPECT_NEAR(out.pixels[i] - out.pixels[i + 2], flat.pixels[i] - flat.pixels[i + 2], 8);
  }
}

TEST(Steps, HairsAreTakenOutBeforeAnythingElse) {
  Image haired = skin(260, 240);
  for (int i = 0; i < 220; ++i)  // a dark line, three pixels wide
    for (int w = 0; w < 3; ++w) std::fill_n(haired.at(20 + i, 40 + i / 2 + w), 3, std::uint8_t{30});
  const Preparation p{.frame = Frame::whole, .hair_removal = HairRemoval::dullrazor};
  const Image without = clean(haired, p);
  EXPECT_EQ(without, remove_hair(haired));
  const auto on_hair = [](const Image& image) { return image.at(130, 96)[0]; };
  EXPECT_LT(on_hair(haired), 40);
  EXPECT_GT(on_hair(without), 80);

  Preparation more = p;
  more.denoise = Denoise::median;
  more.contrast = Contrast::clahe;
  Preparation rest = more;
  rest.hair_removal = HairRemoval::none;
  EXPECT_EQ(clean(haired, more), clean(without, rest));
}

TEST(Steps, WorkAtABoundedSize) {
  const Image large = skin(2600, 1500);
  const Preparation median{.frame = Frame::whole, .denoise = Denoise::median};
  const Image out = clean(large, median);
  EXPECT_EQ(out.width, 1024);
  EXPECT_EQ(out.height, 591);
  EXPECT_EQ(clean(large, {.width = 2600, .height = 40, .frame = Frame::whole, .denoise = Denoise::median}).width, 2600);
  EXPECT_EQ(clean(large, {.frame = Frame::whole}), large);  // nothing works on its pixels
}

TEST(Steps, WorkOnTheSmallestPictures) {
  for (const auto& [width, height] : {std::pair(1, 1), {1, 7}, {9, 1}, {2, 3}, {5, 5}}) {
    const Image small = skin(width, height);
    for (const Step& step : steps()) {
      for (const std::string& value : step.choices) {
        Preparation p{.width = 4, .height = 3, .frame = Frame::whole};
        set_step(p, step.name, value);
        const Image out = with_colour_constancy(prepare(small, p), p.colour_constancy);
        EXPECT_EQ(out.pixels.size(), 36U) << step.name << ' ' << value << ' ' << width << " x " << height;
      }
    }
  }
}

TEST(Steps, WhatTrainingKeepsGivesTheSamePixelsAsPrepare) {
  const Image field = through_field(skin(500, 380), 250, 190, 200, 200);
  for (const Frame frame : {Frame::whole, Frame::centre_square}) {
    for (const Vignette vignette : {Vignette::none, Vignette::crop}) {
      for (const Contrast contrast : {Contrast::none, Contrast::clahe}) {
        const Preparation p{.width = 96,
                            .height = 64,
                            .frame = frame,
                            .vignette = vignette,
                            .denoise = contrast == Contrast::none ? Denoise::none : Denoise::bilateral,
                            .contrast = contrast,
                            .resize = Filter::lanczos};
        EXPECT_EQ(prepare(before_augmentation(field, p), after_cleaning(p)), prepare(field, p)) << to_string(p);
      }
    }
  }
}

TEST(Steps, AreNamedAndUnknownOnesRefused) {
  Preparation preparation;
  for (const Step& step : steps()) {
    EXPECT_EQ(step_value(preparation, step.name), step.choices.front());
    for (const std::string& choice : step.choices) {
      set_step(preparation, step.name, choice);
      EXPECT_EQ(step_value(preparation, step.name), choice);
    }
  }
  const auto refusal = [](const char* step, const char* value) {
    Preparation p;
    try {
      set_step(p, step, value);
    } catch (const UsageError& error) {
      return std::string(error.what());
    }
    return std::string("(accepted)");
  };
  EXPECT_THAT(refusal("sharpen", "none"), HasSubstr("'sharpen'"));
  EXPECT_THAT(refusal("denoise", "wavelet"), HasSubstr("'denoise' has no value 'wavelet'"));
  EXPECT_THAT(refusal("denoise", "wavelet"), HasSubstr("non_local_means"));
}

TEST(Steps, TheirTextTellsApartWhatGivesOtherPixels) {
  EXPECT_EQ(to_string({.width = 32, .height = 16}), "32x16");
  EXPECT_EQ(to_string({.frame = Frame::whole, .denoise = Denoise::median}), "224x224 frame=whole denoise=median");
  EXPECT_EQ(to_string({.colour_constancy = ColourConstancy::max_rgb}), to_string(Preparation{}));
}

TEST(ColourConstancy, MakesALightsColourGrey) {
  // The Minkowski means by their definition, over the floats that the network sees.
  const Image cast = skin(80, 60, {1, 0.8, 0.6});
  const auto mean = [&](ColourConstancy how, std::size_t c) {
    const auto gains = colour_gains(cast.pixels, how);
    double sum = 0, largest = 0;
    for (std::size_t i = c; i < cast.pixels.size(); i += 3) {
      const double x = static_cast<double>(gains[c]) * cast.pixels[i];
      sum += how == ColourConstancy::grey_world ? x : std::pow(x, 6);
      largest = std::max(largest, x);
    }
    const double n = 80 * 60;
    return how == ColourConstancy::max_rgb      ? largest
           : how == ColourConstancy::grey_world ? sum / n
                                                : std::pow(sum / n, 1 / 6.0);
  };
  for (const auto how : {ColourConstancy::grey_world, ColourConstancy::shades_of_grey, ColourConstancy::max_rgb}) {
    EXPECT_NEAR(mean(how, 0), mean(how, 1), 1e-3);
    EXPECT_NEAR(mean(how, 0), mean(how, 2), 1e-3);
  }
}

TEST(ColourConstancy, KeepsTheLightsStrengthAndWhatIsGreyAlready) {
  Image grey(5, 4);
  for (std::size_t i = 0; i < grey.pixels.size(); ++i) grey.pixels[i] = static_cast<std::uint8_t>(10 * (i / 3));
  const Image cast = skin(80, 60, {1, 0.8, 0.6});
  for (const auto how : {ColourConstancy::grey_world, ColourConstancy::shades_of_grey, ColourConstancy::max_rgb}) {
    EXPECT_EQ(with_colour_constancy(grey, how), grey);
    // gain = rms(e) / e, so the mean of 1 / gain² is 1.
    double sum = 0;
    for (const float gain : colour_gains(cast.pixels, how)) sum += 1 / (static_cast<double>(gain) * gain);
    EXPECT_NEAR(sum, 3, 1e-5);
  }
}

TEST(ColourConstancy, LeavesBlackAndTakesAnEmptyChannel) {
  EXPECT_EQ(with_colour_constancy(Image(3, 2), ColourConstancy::shades_of_grey), Image(3, 2));
  Image red(3, 2);
  for (std::size_t i = 0; i < red.pixels.size(); i += 3) red.pixels[i] = 200;
  const Image out = with_colour_constancy(red, ColourConstancy::max_rgb);
  EXPECT_EQ(out.pixels[1], 0);
  EXPECT_NEAR(out.pixels[0], 200 / std::sqrt(3.0), 1);
  EXPECT_THROW(colour_gains({}, ColourConstancy::grey_world), InputError);
}

}  // namespace
}  // namespace naevus::image
