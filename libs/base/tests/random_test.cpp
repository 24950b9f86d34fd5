#include "naevus/base/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <set>
#include <vector>

namespace naevus {
namespace {

/// SplitMix64 as its authors publish it (Vigna, prng.di.unimi.it/splitmix64.c), for comparison.
std::uint64_t published(std::uint64_t& x) {
  std::uint64_t z = (x += 0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

TEST(Random, IsSplitMix64) {
  // The state after seeding is the first output for that seed; 16294208416658607535 is SplitMix64's published first
  // value for seed 0 (java.util.SplittableRandom, xoshiro's reference tests).
  std::uint64_t state = 0;
  std::uint64_t seeded = published(state);
  ASSERT_EQ(seeded, 16294208416658607535ULL);
  Random random(0);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(random.next(), published(seeded));
}

TEST(Random, SameSeedAndStreamGiveTheSameNumbers) {
  Random a(7, {3, 4}), b(7, {3, 4});
  for (int i = 0; i < 10; ++i) EXPECT_EQ(a.next(), b.next());
}

TEST(Random, NeighbouringSeedsAndStreamsDiffer) {
  std::set<std::uint64_t> first;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    first.insert(Random(seed).next());
    for (std::uint64_t i = 0; i < 20; ++i) {
      first.insert(Random(seed, {i}).next());
      for (std::uint64_t j = 0; j < 20; ++j) first.insert(Random(seed, {i, j}).next());
    }
  }
  EXPECT_EQ(first.size(), 20U * (1 + 20 + 400));
}

TEST(Random, UniformIsEven) {
  Random random(1);
  std::array<int, 16> bins{};
  constexpr int draws = 160'000;
  double sum = 0;
  for (int i = 0; i < draws; ++i) {
    const double value = random.uniform();
    ASSERT_GE(value, 0);
    ASSERT_LT(value, 1);
    sum += value;
    ++bins[static_cast<std::size_t>(value * 16)];
  }
  EXPECT_NEAR(sum / draws, 0.5, 4 / std::sqrt(12.0 * draws));
  double chi_square = 0;
  for (const int bin : bins) chi_square += (bin - draws / 16.0) * (bin - draws / 16.0) / (draws / 16.0);
  EXPECT_LT(chi_square, 37.7);  // the 0.999 quantile with 15 degrees of freedom
}

TEST(Random, UniformKeepsItsBounds) {
  Random random(2);
  for (int i = 0; i < 10'000; ++i) {
    const double value = random.uniform(-3, 5);
    ASSERT_GE(value, -3);
    ASSERT_LT(value, 5);
  }
}

TEST(Random, BelowHasNoBias) {
  // Three quarters of 2^64: a plain remainder would draw the lowest third twice as often as the rest.
  const std::uint64_t n = std::uint64_t{3} << 62;
  Random random(3);
  int low = 0;
  constexpr int draws = 30'000;
  for (int i = 0; i < draws; ++i) {
    const std::uint64_t value = random.below(n);
    ASSERT_LT(value, n);
    low += value < n / 3 ? 1 : 0;
  }
  EXPECT_NEAR(low, draws / 3.0, 4 * std::sqrt(draws * 2.0 / 9));
}

TEST(Random, BelowReachesEveryValue) {
  Random random(4);
  std::array<int, 7> count{};
  for (int i = 0; i < 7000; ++i) ++count[random.below(7)];
  for (const int c : count) EXPECT_NEAR(c, 1000, 150);
  EXPECT_EQ(random.below(1), 0U);
}

TEST(Random, ChanceHasItsProbability) {
  Random random(5);
  int yes = 0;
  for (int i = 0; i < 10'000; ++i) yes += random.chance(0.3) ? 1 : 0;
  EXPECT_NEAR(yes, 3000, 200);
  EXPECT_FALSE(random.chance(0));
  EXPECT_TRUE(random.chance(1));
}

TEST(Random, NormalHasMeanZeroAndVarianceOne) {
  Random random(6);
  constexpr int draws = 100'000;
  double sum = 0, squares = 0, beyond = 0;
  for (int i = 0; i < draws; ++i) {
    const double value = random.normal();
    sum += value;
    squares += value * value;
    beyond += std::abs(value) > 1.959964 ? 1 : 0;
  }
  EXPECT_NEAR(sum / draws, 0, 0.015);
  EXPECT_NEAR(squares / draws, 1, 0.02);
  EXPECT_NEAR(beyond / draws, 0.05, 0.004);
}

TEST(Random, ShuffleKeepsAllAndFavoursNoOrder) {
  std::array<int, 6> orders{};
  for (std::uint64_t seed = 0; seed < 6000; ++seed) {
    std::vector<int> values{0, 1, 2};
    Random random(seed);
    random.shuffle(std::span(values));
    std::vector<int> order{0, 1, 2};
    std::size_t index = 0;
    while (order != values) {
      ASSERT_TRUE(std::next_permutation(order.begin(), order.end()));
      ++index;
    }
    ++orders[index];
  }
  for (const int count : orders) EXPECT_NEAR(count, 1000, 150);
}

}  // namespace
}  // namespace naevus
