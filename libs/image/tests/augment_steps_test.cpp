#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <set>
#include <string>
#include <vector>

#include "augment_camera.hpp"
#include "augment_geometry.hpp"
#include "augment_overlays.hpp"
#include "augment_plan.hpp"
#include "elastic.hpp"
#include "naevus/image/augment.hpp"
#include "orient.hpp"
#include "smooth_picture.hpp"

namespace naevus::image {
namespace {

Image grey_picture(int width, int height, std::uint8_t level) {
  Image image(width, height);
  std::ranges::fill(image.pixels, level);
  return image;
}

double mean_of(const Image& image) {
  double sum = 0;
  for (const auto value : image.pixels) sum += value;
  return sum / static_cast<double>(image.pixels.size());
}

/// 1 where a picture is not as it was.
cv::Mat changed(const Image& before, const Image& after) {
  cv::Mat mask = cv::Mat::zeros(before.height, before.width, CV_8UC1);
  for (int y = 0; y < before.height; ++y)
    for (int x = 0; x < before.width; ++x)
      mask.at<std::uint8_t>(y, x) = !std::equal(before.at(x, y), before.at(x, y) + 3, after.at(x, y));
  return mask;
}

/// The steps that are off in a default Augmentation, each switched on alone.
const std::vector<std::function<void(Augmentation&)>> new_steps = {[](Augmentation& o) { o.quarter_turns = true; },
                                                                   [](Augmentation& o) { o.perspective = 0.2; },
                                                                   [](Augmentation& o) { o.elastic = 0.05; },
                                                                   [](Augmentation& o) { o.noise = 20; },
                                                                   [](Augmentation& o) { o.jpeg = 1; },
                                                                   [](Augmentation& o) { o.hair = 1; },
                                                                   [](Augmentation& o) { o.ruler = 1; },
                                                                   [](Augmentation& o) { o.vignette = 1; },
                                                                   [](Augmentation& o) { o.randaugment = 3; }};

TEST(AugmentSteps, DependOnTheStreamAlone) {
  const Image image = smooth_picture(80, 60);
  for (const auto& switch_on : new_steps) {
    Augmentation options = no_augmentation();
    switch_on(options);
    std::set<std::string> pictures;
    for (std::uint64_t i = 0; i < 8; ++i) {
      const auto make = [&] {
        return augment(image, {.width = 64, .height = 64}, options, augmentation_stream(1, 0, i));
      };
      EXPECT_EQ(make(), make());
      pictures.insert(pixel_hash(make()));
    }
    EXPECT_GT(pictures.size(), 2U);
  }
}

TEST(AugmentSteps, DoNotMoveEachOther) {
  // What one step draws is the same whatever else is on; RandAugment, which adds to all, comes last.
  const auto plan_of = [](const Augmentation& options) {
    Random random(9);
    return draw_plan(options, random);
  };
  const Plan plain = plan_of({});
  for (std::size_t i = 0; i + 1 < new_steps.size(); ++i) {
    Augmentation options;
    new_steps[i](options);
    const Plan plan = plan_of(options);
    EXPECT_EQ(plan.flip, plain.flip);
    EXPECT_EQ(plan.scale, plain.scale);
    EXPECT_EQ(plan.color, plain.color);
    EXPECT_EQ(plan.hair_seed, plain.hair_seed);
    EXPECT_EQ(plan.vignette_seed, plain.vignette_seed);
  }
}

TEST(QuarterTurns, AndFlipGiveTheEightSymmetriesToThePixel) {
  const Image image = smooth_picture(40, 40);
  std::set<std::string> expected, seen;
  for (int orientation = 1; orientation <= 8; ++orientation) expected.insert(pixel_hash(oriented(image, orientation)));
  Augmentation options = no_augmentation();
  options.flip = options.quarter_turns = true;
  for (std::uint64_t i = 0; i < 100; ++i)
    seen.insert(pixel_hash(augment(image, {.width = 40, .height = 40}, options, Random(1, {i}))));
  EXPECT_EQ(expected.size(), 8U);
  EXPECT_EQ(seen, expected);
}

TEST(Perspective, KeepsStraightLinesStraight) {
  // A dark line through the whole picture: its places in the rows stay on one line.
  Image image = grey_picture(200, 200, 200);
  for (int y = 0; y < 200; ++y) std::fill_n(image.at(90, y), 18, std::uint8_t{0});
  Augmentation options = no_augmentation();
  options.perspective = 0.15;
  for (std::uint64_t i = 0; i < 20; ++i) {
    const Image out = augment(image, {.width = 200, .height = 200}, options, Random(3, {i}));
    const auto place = [&](int y) {
      double sum = 0, weight = 0;
      for (int x = 0; x < 200; ++x) sum += x * (200.0 - *out.at(x, y)), weight += 200.0 - *out.at(x, y);
      return sum / weight;
    };
    EXPECT_NEAR(place(100), (place(50) + place(150)) / 2, 0.3);
  }
}

TEST(Perspective, MovesTheCornersByAtMostItsShare) {
  Plan plan;
  plan.corners[0] = 0.1;  // the left upper corner looks a tenth further right
  const Image image = smooth_picture(100, 100);
  const Image out = sample(image, {.width = 100, .height = 100, .frame = Frame::whole}, plan);
  EXPECT_NEAR(*out.at(0, 0), *image.at(10, 0), 3);
  EXPECT_NEAR(*out.at(99, 0), *image.at(99, 0), 3);
  EXPECT_NEAR(*out.at(0, 99), *image.at(0, 99), 3);
  EXPECT_NEAR(*out.at(99, 99), *image.at(99, 99), 3);
}

TEST(ElasticField, StaysWithinItsAmplitudeAndNeverFolds) {
  constexpr int size = 64;
  constexpr double amplitude = 0.05;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const Elastic elastic(amplitude, seed, size);
    std::vector<std::vector<float>> across(size, std::vector<float>(size)), down = across;
    float largest = 0;
    for (std::size_t y = 0; y < size; ++y) elastic.row((static_cast<float>(y) + 0.5F) / size, across[y], down[y]);
    for (std::size_t y = 0; y + 1 < size; ++y) {
      for (std::size_t x = 0; x + 1 < size; ++x) {
        largest = std::max({largest, std::abs(across[y][x]), std::abs(down[y][x])});
        const double xx = 1 + size * (across[y][x + 1] - across[y][x]), xy = size * (across[y + 1][x] - across[y][x]);
        const double yx = size * (down[y][x + 1] - down[y][x]), yy = 1 + size * (down[y + 1][x] - down[y][x]);
        ASSERT_GT(xx * yy - xy * yx, 0);
      }
    }
    EXPECT_LE(largest, amplitude);
    EXPECT_GT(largest, amplitude / 5);
  }
}

TEST(Elastic, DoesNotAliasWhenItShrinks) {
  Image image(800, 800);
  for (int y = 0; y < 800; ++y)
    for (int x = 0; x < 800; ++x) std::fill_n(image.at(x, y), 3, static_cast<std::uint8_t>(x % 2 != 0 ? 255 : 0));
  Augmentation options = no_augmentation();
  options.elastic = 0.02;
  options.perspective = 0.05;
  const Image out = augment(image, {.width = 100, .height = 100}, options, Random(3));
  for (const auto value : out.pixels) ASSERT_NEAR(value, 128, 12);
}

TEST(Noise, HasTheMeanAndSpreadOfItsSigma) {
  Image image = grey_picture(200, 200, 128);
  add_noise(image, 10, 7);
  double sum = 0, squares = 0;
  for (const auto value : image.pixels) sum += value - 128, squares += (value - 128) * (value - 128);
  const auto n = static_cast<double>(image.pixels.size());
  EXPECT_NEAR(sum / n, 0, 5 * 10 / std::sqrt(n));
  EXPECT_NEAR(std::sqrt(squares / n), 10, 0.15);
}

TEST(Noise, IsIndependentBetweenNeighboursAndChannels) {
  Image image = grey_picture(200, 200, 128);
  add_noise(image, 20, 3);
  for (const std::size_t distance : {1U, 2U, 3U, 5U, 600U}) {
    double product = 0;
    const std::size_t n = image.pixels.size() - distance;
    for (std::size_t i = 0; i < n; ++i) product += (image.pixels[i] - 128) * (image.pixels[i + distance] - 128);
    EXPECT_NEAR(product / static_cast<double>(n) / 400, 0, 5 / std::sqrt(static_cast<double>(n))) << distance;
  }
}

TEST(JpegTraces, KeepSizeAndMeanAndGrowAsQualityFalls) {
  Image noisy = smooth_picture(97, 61);
  add_noise(noisy, 15, 1);
  double before = 0;
  for (const int quality : {95, 60, 30}) {
    Image image = noisy;
    leave_jpeg_traces(image, quality);
    ASSERT_EQ(image.pixels.size(), noisy.pixels.size());
    EXPECT_NEAR(mean_of(image), mean_of(noisy), 1.5);
    double error = 0;
    for (std::size_t i = 0; i < image.pixels.size(); ++i) error += std::abs(image.pixels[i] - noisy.pixels[i]);
    EXPECT_GT(error, before * 1.02);
    before = error;
  }
  Image one = grey_picture(1, 1, 90);
  leave_jpeg_traces(one, 30);
  EXPECT_NEAR(one.pixels[0], 90, 8);
}

/// Strokes: nothing is lightened, little is touched, and nothing that is wider than `width` pixels.
void expect_thin_dark_strokes(const Image& before, const Image& after, double share, int width) {
  for (std::size_t i = 0; i < before.pixels.size(); ++i) ASSERT_LE(after.pixels[i], before.pixels[i]);
  cv::Mat mask = changed(before, after);
  const int touched = cv::countNonZero(mask);
  EXPECT_GT(touched, 0);
  EXPECT_LT(touched, share * before.width * before.height);
  cv::erode(mask, mask, cv::Mat::ones(width, width, CV_8UC1));
  EXPECT_EQ(cv::countNonZero(mask), 0);
}

TEST(Hairs, AreThinDarkStrokes) {
  const Image skin = grey_picture(224, 224, 190);
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    Image image = skin;
    draw_hairs(image, 1, seed);
    if (image == skin) continue;  // a short one may lie on the border alone
    expect_thin_dark_strokes(skin, image, 0.03, 8);
    EXPECT_LT(*std::ranges::min_element(image.pixels), 130);
  }
}

TEST(Hairs, LeaveDarkerSkinAsItIs) {
  Image image = grey_picture(100, 100, 1);
  const Image before = image;
  draw_hairs(image, 12, 5);
  EXPECT_EQ(image, before);
}

TEST(Ruler, IsARowOfThinMarksAlongOneSide) {
  const Image skin = grey_picture(224, 224, 190);
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    Image image = skin;
    draw_ruler(image, seed);
    expect_thin_dark_strokes(skin, image, 0.08, 8);
    cv::Mat labels;
    EXPECT_GT(cv::connectedComponents(changed(skin, image), labels), 8);  // and the ground
    const cv::Rect middle(60, 60, 104, 104);
    EXPECT_EQ(cv::countNonZero(changed(skin, image)(middle)), 0);
  }
}

TEST(Vignette, DarkensTheCornersAndLeavesTheMiddle) {
  const Image skin = smooth_picture(120, 90);
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    Image image = skin;
    draw_vignette(image, 1, seed);
    const cv::Mat mask = changed(skin, image);
    EXPECT_EQ(cv::countNonZero(mask(cv::Rect(30, 22, 60, 45))), 0);
    for (const auto& [x, y] : {std::pair{0, 0}, {119, 0}, {0, 89}, {119, 89}})
      for (int c = 0; c < 3; ++c) EXPECT_LE(image.at(x, y)[c], 0.3 * skin.at(x, y)[c]);
  }
}

TEST(RandAugment, DrawsSoManyStepsWithReplacementFromAllAlike) {
  // A plan that one step changed differs; the step that leaves the picture as it is comes up once in all of them.
  constexpr int draws = 8400;
  int unchanged = 0;
  std::set<int> hairs;
  for (std::uint64_t i = 0; i < draws; ++i) {
    Plan plan;
    Random random(1, {i});
    add_randaugment(plan, 1, 10, random);
    const Plan same;
    unchanged += plan.angle == same.angle && plan.shear == same.shear && plan.shift_x == same.shift_x &&
                 plan.shift_y == same.shift_y && plan.scale == same.scale && plan.aspect == same.aspect &&
                 std::ranges::equal(plan.corners, same.corners) && plan.elastic == 0 && plan.color == same.color &&
                 plan.blur == 0 && plan.noise == 0 && plan.jpeg == 0 && plan.hairs == 0 && !plan.ruler &&
                 plan.vignette == 0 && plan.cutout == 0;
    Plan twice;
    add_randaugment(twice, 3, 10, random);
    hairs.insert(twice.hairs);
  }
  const double expected = static_cast<double>(draws) / randaugment_steps();
  EXPECT_NEAR(unchanged, expected, 5 * std::sqrt(expected));
  EXPECT_THAT(hairs, testing::ElementsAre(0, 16, 32, 48));  // the same step up to three times
}

TEST(RandAugment, AtNoMagnitudeChangesNothing) {
  const Image image = smooth_picture(64, 64);
  Augmentation options = no_augmentation();
  options.randaugment = 2;
  options.randaugment_magnitude = 0;
  for (std::uint64_t i = 0; i < 60; ++i) {
    const Image out = augment(image, {.width = 64, .height = 64}, options, Random(4, {i}));
    int most = 0;  // the JPEG step writes quality 95 even then
    for (std::size_t k = 0; k < out.pixels.size(); ++k)
      most = std::max(most, std::abs(out.pixels[k] - image.pixels[k]));
    EXPECT_LE(most, 16);
  }
}

TEST(RandAugment, GrowsWithItsMagnitude) {
  const Image image = smooth_picture(64, 64);
  const auto distance = [&](double magnitude) {
    Augmentation options = no_augmentation();
    options.randaugment = 2;
    options.randaugment_magnitude = magnitude;
    double sum = 0;
    for (std::uint64_t i = 0; i < 100; ++i) {
      const Image out = augment(image, {.width = 64, .height = 64}, options, Random(4, {i}));
      for (std::size_t k = 0; k < out.pixels.size(); ++k) sum += std::abs(out.pixels[k] - image.pixels[k]);
    }
    return sum;
  };
  EXPECT_LT(distance(2) * 1.5, distance(5));
  EXPECT_LT(distance(5) * 1.3, distance(9));
}

}  // namespace
}  // namespace naevus::image
