#include "naevus/image/mix.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "naevus/base/error.hpp"

namespace naevus::image {
namespace {

constexpr int width = 20, height = 12;
constexpr std::size_t size = 3 * width * height;

/// Picture i is of the level 10 i.
std::vector<std::uint8_t> levels(std::size_t count) {
  std::vector<std::uint8_t> pixels;
  for (std::size_t i = 0; i < count; ++i) pixels.insert(pixels.end(), size, static_cast<std::uint8_t>(10 * i));
  return pixels;
}

TEST(Mix, IsNoneWhereNoneIsAskedFor) {
  const Mix mix = draw_mix({}, 4, width, height, Random(1));
  EXPECT_EQ(mix.kind, Mix::Kind::none);
  auto pixels = levels(4);
  apply_mix(mix, pixels, width, height);
  EXPECT_EQ(pixels, levels(4));
}

TEST(Mix, DependsOnSeedEpochAndBatchAlone) {
  const Augmentation options{.mixup = 0.4, .cutmix = 1};
  const auto share = [&](std::uint64_t epoch, std::uint64_t batch) {
    return draw_mix(options, 8, width, height, mix_stream(3, epoch, batch)).share;
  };
  EXPECT_EQ(share(1, 2), share(1, 2));
  EXPECT_NE(share(1, 2), share(1, 3));
  EXPECT_NE(share(1, 2), share(2, 2));
}

TEST(Mix, DrawsItsSharesFromTheBetaDistribution) {
  // Beta(a, a) has the mean 1/2 and the variance 1 / (4 (2 a + 1)).
  for (const double alpha : {0.01, 0.2, 1.0, 4.0}) {
    constexpr int draws = 20'000;
    double sum = 0, squares = 0;
    for (std::uint64_t i = 0; i < draws; ++i) {
      const double share = draw_mix({.mixup = alpha}, 2, width, height, Random(1, {i})).share;
      ASSERT_GE(share, 0);
      ASSERT_LE(share, 1);
      sum += share - 0.5, squares += (share - 0.5) * (share - 0.5);
    }
    EXPECT_NEAR(sum / draws, 0, 5 * 0.5 / std::sqrt(draws)) << alpha;
    EXPECT_NEAR(squares / draws, 1 / (4 * (2 * alpha + 1)), 0.005) << alpha;
  }
}

TEST(Mix, PairsEveryPictureWithOneOther) {
  for (std::uint64_t i = 0; i < 50; ++i) {
    auto partner = draw_mix({.cutmix = 1}, 7, width, height, Random(1, {i})).partner;
    std::ranges::sort(partner);
    std::vector<std::size_t> all(7);
    std::iota(all.begin(), all.end(), std::size_t{0});
    EXPECT_EQ(partner, all);
  }
}

TEST(Mixup, BlendsByTheShare) {
  for (std::uint64_t i = 0; i < 50; ++i) {
    const Mix mix = draw_mix({.mixup = 1}, 9, width, height, Random(2, {i}));
    ASSERT_EQ(mix.kind, Mix::Kind::mixup);
    auto pixels = levels(9);
    apply_mix(mix, pixels, width, height);
    for (std::size_t k = 0; k < 9; ++k) {
      const double expected =
          mix.share * 10 * static_cast<double>(k) + (1 - mix.share) * 10 * static_cast<double>(mix.partner[k]);
      ASSERT_NEAR(pixels[k * size], expected, 0.51);
      ASSERT_EQ(std::count(&pixels[k * size], &pixels[k * size] + size, pixels[k * size]), std::ptrdiff_t{size});
    }
  }
}

TEST(Cutmix, ReplacesExactlyOneMinusTheShareOfTheArea) {
  for (std::uint64_t i = 0; i < 200; ++i) {
    const Mix mix = draw_mix({.cutmix = 1}, 9, width, height, Random(2, {i}));
    ASSERT_EQ(mix.kind, Mix::Kind::cutmix);
    auto pixels = levels(9);
    apply_mix(mix, pixels, width, height);
    for (std::size_t k = 0; k < 9; ++k) {
      const auto own = std::count(&pixels[k * size], &pixels[k * size] + size, 10 * k);
      const auto other = std::count(&pixels[k * size], &pixels[k * size] + size, 10 * mix.partner[k]);
      if (mix.partner[k] == k) {
        ASSERT_EQ(own, std::ptrdiff_t{size});
        continue;
      }
      ASSERT_EQ(own + other, std::ptrdiff_t{size});
      ASSERT_NEAR(static_cast<double>(own) / size, mix.share, 1e-12);
    }
  }
}

TEST(Mix, DrawsOneOfTheTwoWhereBothAreOn) {
  int cut = 0;
  for (std::uint64_t i = 0; i < 400; ++i)
    cut += draw_mix({.mixup = 1, .cutmix = 1}, 2, width, height, Random(2, {i})).kind == Mix::Kind::cutmix;
  EXPECT_NEAR(cut, 200, 50);
}

TEST(Mix, RefusesABatchOfAnotherSize) {
  const Mix mix = draw_mix({.mixup = 1}, 3, width, height, Random(2));
  auto pixels = levels(2);
  EXPECT_THROW(apply_mix(mix, pixels, width, height), UsageError);
}

}  // namespace
}  // namespace naevus::image
