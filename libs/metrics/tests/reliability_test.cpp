#include "naevus/metrics/reliability.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "naevus/base/error.hpp"
#include "naevus/base/random.hpp"
#include "naevus/metrics/calibration.hpp"

namespace naevus::metrics {
namespace {

struct Cases {
  std::vector<double> confidence;
  std::vector<std::uint8_t> right;
};

/// @param levels  number of different confidences   @param bias  how much too high they are
Cases random_cases(std::uint64_t seed, std::size_t n, double levels, double bias = 0) {
  Random random(seed);
  Cases cases;
  for (std::size_t i = 0; i < n; ++i) {
    const double chance = std::round(levels * random.uniform()) / levels;
    cases.confidence.push_back(std::min(1.0, chance + bias));
    cases.right.push_back(random.chance(chance) ? 1 : 0);
  }
  return cases;
}

std::uint64_t cases_in(const std::vector<ReliabilityBin>& bins) {
  return std::accumulate(bins.begin(), bins.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const ReliabilityBin& bin) { return sum + bin.count; });
}

TEST(Reliability, EveryCaseIsInTheOneBinThatHoldsItsConfidence) {
  for (std::uint64_t seed = 0; seed < 40; ++seed)
    for (const Binning binning : {Binning::equal_width, Binning::equal_mass}) {
      const Cases cases = random_cases(seed, 1 + 5 * seed, 1 + static_cast<double>(seed));
      const auto bins = reliability_bins(cases.confidence, cases.right, 1 + seed % 12, binning);
      EXPECT_EQ(cases_in(bins), cases.confidence.size());
      for (std::size_t b = 0; b < bins.size(); ++b) {
        const auto inside = [&](double p) {
          if (binning == Binning::equal_mass) return p >= bins[b].low && p <= bins[b].high;
          return (p > bins[b].low || (b == 0 && p == 0)) && p <= bins[b].high;
        };
        EXPECT_EQ(bins[b].count,
                  static_cast<std::uint64_t>(std::count_if(cases.confidence.begin(), cases.confidence.end(), inside)));
        if (b > 0) {
          EXPECT_GE(bins[b].low, bins[b - 1].high);
        }
      }
    }
}

TEST(Reliability, GivesABinWilsonsInterval) {
  // Newcombe (1998), table I, method 3.
  const auto of = [](std::uint64_t right, std::uint64_t count) {
    return right_interval({.count = count, .right = static_cast<double>(right) / static_cast<double>(count)})
        .value_or(Interval{});
  };
  EXPECT_NEAR(of(81, 263).low, 0.2553, 5e-5);
  EXPECT_NEAR(of(81, 263).high, 0.3662, 5e-5);
  EXPECT_NEAR(of(15, 148).low, 0.0624, 5e-5);
  EXPECT_NEAR(of(0, 20).high, 0.1611, 5e-5);
  EXPECT_NEAR(of(1, 29).low, 0.0061, 5e-5);
  EXPECT_FALSE(right_interval({}));
}

TEST(Reliability, BinsOfEqualMassHoldEquallyManyDifferentConfidences) {
  const Cases cases = random_cases(3, 1003, 1e12);
  const auto bins = reliability_bins(cases.confidence, cases.right, 10, Binning::equal_mass);
  ASSERT_EQ(bins.size(), 10U);
  for (const ReliabilityBin& bin : bins) EXPECT_TRUE(bin.count == 100 || bin.count == 101);
  const std::vector<double> constant(50, 0.3);
  EXPECT_EQ(reliability_bins(constant, std::vector<std::uint8_t>(50), 10, Binning::equal_mass).size(), 1U);
}

TEST(Reliability, TheOrderOfTheCasesChangesNothing) {
  Cases cases = random_cases(5, 300, 12);
  const auto before = reliability_bins(cases.confidence, cases.right, 8, Binning::equal_mass);
  std::reverse(cases.confidence.begin(), cases.confidence.end());
  std::reverse(cases.right.begin(), cases.right.end());
  const auto after = reliability_bins(cases.confidence, cases.right, 8, Binning::equal_mass);
  ASSERT_EQ(before.size(), after.size());
  for (std::size_t b = 0; b < before.size(); ++b) {
    EXPECT_EQ(before[b].count, after[b].count);
    EXPECT_DOUBLE_EQ(before[b].right, after[b].right);
  }
}

TEST(Reliability, BriersPartsMakeUpTheScoreAlways) {
  for (std::uint64_t seed = 0; seed < 60; ++seed)
    for (const Binning binning : {Binning::equal_width, Binning::equal_mass}) {
      const Cases cases = random_cases(seed, 1 + 4 * seed, 1 + 3 * static_cast<double>(seed), 0.1);
      const BrierParts parts = BrierBins(cases.confidence, cases.right, 1 + seed % 9, binning).parts().value();
      EXPECT_NEAR(
          parts.score,
          parts.reliability - parts.resolution + parts.uncertainty + parts.within_variance - parts.within_covariance,
          1e-12);
      EXPECT_GE(parts.reliability, 0);
      EXPECT_GE(parts.resolution, 0);
    }
}

TEST(Reliability, TheClassesPartsSumToTheBrierScore) {
  Random random(9);
  std::vector<double> logits;
  std::vector<int> truth;
  for (int i = 0; i < 90; ++i) {
    truth.push_back(static_cast<int>(random.below(3)));
    for (int c = 0; c < 4; ++c) logits.push_back(random.normal());
  }
  const auto probabilities = softmax(logits, 4);
  EXPECT_NEAR(BrierBins(probabilities, truth, 4).parts().value().score, brier_score(probabilities, truth, 4).value(),
              1e-12);
}

TEST(Reliability, APerfectlyCalibratedModelIsNotToldFromOneAndACrookedModelIs) {
  int low = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const Cases fair = random_cases(seed, 300, 1e6);
    const auto found =
        against_perfect_calibration(fair.confidence, fair.right, 10, Binning::equal_mass, {.simulations = 99}).value();
    EXPECT_GT(found.p_value, 0);
    EXPECT_LE(found.p_value, 1);
    if (found.p_value <= 0.1) ++low;
  }
  EXPECT_LE(low, 21);  // binomial of 100 at 0.1: more has a chance of 1 in 2,600
  EXPECT_GE(low, 2);   // fewer has one of 1 in 3,100
  const Cases crooked = random_cases(1, 2000, 1e6, 0.1);
  const auto found = against_perfect_calibration(crooked.confidence, crooked.right).value();
  EXPECT_DOUBLE_EQ(found.p_value, 1.0 / 1001);
  EXPECT_GT(found.error, found.limit);
  EXPECT_GT(found.limit, found.expected);
  EXPECT_NEAR(found.error, expected_calibration_error(reliability_bins(crooked.confidence, crooked.right)).value(),
              1e-12);
}

TEST(Reliability, SureConfidencesThatComeTrueCannotBeBeaten) {
  const std::vector<double> sure{1, 0, 1};
  const std::vector<std::uint8_t> right{1, 0, 1};
  const auto found = against_perfect_calibration(sure, right).value();
  EXPECT_EQ(found.error, 0);
  EXPECT_EQ(found.expected, 0);
  EXPECT_EQ(found.p_value, 1);
}

TEST(Reliability, WithoutCasesThereIsNothingAndWrongInputIsRefused) {
  const std::vector<double> one{0.5}, wrong{1.5}, broken{NAN};
  const std::vector<std::uint8_t> right{1};
  EXPECT_FALSE(BrierBins(std::span<const double>{}, std::span<const std::uint8_t>{}).parts());
  EXPECT_FALSE(against_perfect_calibration({}, {}));
  EXPECT_FALSE(expected_calibration_error(reliability_bins({}, {})));
  EXPECT_TRUE(classwise_calibration_error({}, {}, 3).empty());
  EXPECT_THROW(reliability_bins(one, {}), InputError);
  EXPECT_THROW(reliability_bins(one, right, 0), InputError);
  EXPECT_THROW(reliability_bins(wrong, right), InputError);
  EXPECT_THROW(reliability_bins(broken, right, 5, Binning::equal_mass), InputError);
  EXPECT_THROW(against_perfect_calibration(one, right, 15, Binning::equal_width, {.simulations = 0}), InputError);
}

}  // namespace
}  // namespace naevus::metrics
