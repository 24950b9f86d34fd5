#include "naevus/metrics/decision.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "naevus/base/error.hpp"
#include "naevus/base/random.hpp"

namespace naevus::metrics {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

struct Cases {
  std::vector<double> score;
  std::vector<std::uint8_t> positive;
};

Cases random_cases(std::uint64_t seed, std::size_t n, double levels) {
  Random random(seed);
  Cases cases;
  for (std::size_t i = 0; i < n; ++i) {
    cases.positive.push_back(random.chance(0.25) ? 1 : 0);
    const double score = 0.7 * random.uniform() + 0.25 * cases.positive.back();
    cases.score.push_back(std::round(levels * score) / levels);
  }
  cases.positive.front() = 1;
  cases.positive.back() = 0;
  return cases;
}

/// What a threshold does, counted case by case.
struct Counted {
  double hits = 0, misses = 0, alarms = 0, passes = 0;
};

Counted counted(const Cases& cases, double threshold) {
  Counted count;
  for (std::size_t i = 0; i < cases.score.size(); ++i) {
    const bool called = cases.score[i] >= threshold;
    (cases.positive[i] != 0 ? (called ? count.hits : count.misses) : (called ? count.alarms : count.passes)) += 1;
  }
  return count;
}

TEST(Decision, TheCheapestPointIsTheCheapestOfAllThresholds) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const Cases cases = random_cases(seed, 5 + 4 * seed, 4 + static_cast<double>(seed));
    const Costs costs{.miss = 1 + static_cast<double>(seed % 7), .alarm = 0.5};
    const auto cost = [&](double threshold) {
      const Counted count = counted(cases, threshold);
      return count.misses * costs.miss + count.alarms * costs.alarm;
    };
    double lowest = cost(infinity);
    for (const double threshold : cases.score) lowest = std::min(lowest, cost(threshold));
    const OperatingPoint point = lowest_cost_point(cases.score, cases.positive, costs);
    EXPECT_NEAR(cost(point.threshold), lowest, 1e-9) << seed;
  }
}

TEST(Decision, PrevalenceAndCostsMoveThePointAsTheyMust) {
  const Cases cases = random_cases(1, 2000, 1e6);
  const auto sensitivity = [&](const Costs& costs) {
    return lowest_cost_point(cases.score, cases.positive, costs).sensitivity;
  };
  EXPECT_LT(sensitivity({.prevalence = 0.01}), sensitivity({.prevalence = 0.5}));
  EXPECT_LT(sensitivity({.miss = 1}), sensitivity({.miss = 20}));
  // Twice the odds of the prevalence are the same as a miss that costs twice as much.
  EXPECT_EQ(sensitivity({.miss = 4, .prevalence = 0.2}), sensitivity({.miss = 2, .prevalence = 1.0 / 3}));
  // Errors of one price at prevalence 1/2: Youden's point.
  const OperatingPoint youden = youden_point(roc_curve(cases.score, cases.positive));
  EXPECT_EQ(sensitivity({.prevalence = 0.5}), youden.sensitivity);
  EXPECT_EQ(lowest_cost_point(cases.score, cases.positive, {.alarm = 1e9}).specificity, 1);
  EXPECT_EQ(lowest_cost_point(cases.score, cases.positive, {.miss = 1e9}).sensitivity, 1);
}

TEST(Decision, OddsForCostsGiveThePointOfTheHighestNetBenefit) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Cases cases = random_cases(seed, 60, 30);
    const double odds = 0.2 / (1 - 0.2);
    const auto benefit = [&](double threshold) {
      const Counted count = counted(cases, threshold);
      return count.hits - count.alarms * odds;
    };
    const double found = benefit(lowest_cost_point(cases.score, cases.positive, {.miss = 1, .alarm = odds}).threshold);
    for (const double threshold : cases.score) EXPECT_GE(found, benefit(threshold) - 1e-9) << seed;
  }
}

TEST(Decision, WhereNobodyIsWorthAnAlarmNobodyIsCalled) {
  const std::vector<double> score{0.1, 0.9};
  const std::vector<std::uint8_t> positive{1, 0};
  EXPECT_EQ(lowest_cost_point(score, positive, {.alarm = 5}).threshold, infinity);
}

TEST(Decision, NetBenefitOfSureProbabilitiesIsThePrevalence) {
  const std::vector<double> sure{1, 0, 0, 1, 0}, thresholds{0.01, 0.5, 0.99};
  const std::vector<std::uint8_t> positive{1, 0, 0, 1, 0};
  const DecisionCurve curve = decision_curve(sure, positive, thresholds);
  EXPECT_DOUBLE_EQ(curve.prevalence, 0.4);
  for (const double value : curve.net_benefit) EXPECT_DOUBLE_EQ(value, 0.4);
  EXPECT_NEAR(curve.treat_all[1], 0.4 - 0.6, 1e-12);
}

TEST(Decision, NetBenefitIsCountedAtEachThreshold) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Cases cases = random_cases(seed, 50, 10);
    std::vector<double> thresholds;
    for (int i = 1; i < 40; ++i) thresholds.push_back(i / 40.0);
    const DecisionCurve curve = decision_curve(cases.score, cases.positive, thresholds);
    for (std::size_t i = 0; i < thresholds.size(); ++i) {
      const Counted count = counted(cases, thresholds[i]);
      const double odds = thresholds[i] / (1 - thresholds[i]);
      EXPECT_NEAR(curve.net_benefit[i], (count.hits - count.alarms * odds) / 50, 1e-12);
    }
    // Odds of the prevalence bring nothing to whoever treats everyone.
    EXPECT_NEAR(decision_curve(cases.score, cases.positive, std::vector{curve.prevalence}).treat_all[0], 0, 1e-12);
  }
}

TEST(Decision, TriageFindsItsShareAndSendsHomeAsManyAsItCan) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const Cases cases = random_cases(seed, 20 + 5 * seed, 20);
    const Triage found = triage(cases.score, cases.positive, 0.9);
    const Counted count = counted(cases, found.point.threshold);
    EXPECT_GE(found.point.sensitivity, 0.9);
    EXPECT_EQ(static_cast<double>(found.missed), count.misses);
    EXPECT_EQ(static_cast<double>(found.sent_home), count.misses + count.passes);
    EXPECT_EQ(found.sent_home + found.referred, cases.score.size());
    EXPECT_DOUBLE_EQ(found.share_sent_home * static_cast<double>(cases.score.size()), count.misses + count.passes);
    for (const double threshold : cases.score) {
      const Counted other = counted(cases, threshold);
      if (other.hits / (other.hits + other.misses) < 0.9) continue;
      EXPECT_LE(other.passes, count.passes);
    }
  }
  const Triage all = triage(std::vector<double>{0.5, 0.5}, std::vector<std::uint8_t>{1, 0});
  EXPECT_EQ(all.sent_home, 0U);
  EXPECT_EQ(all.missed_of_sent_home, 0);
}

TEST(Decision, APointAtASpecificityIsTheMostSensitiveOne) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const Cases cases = random_cases(seed, 20 + 5 * seed, 20);
    const OperatingPoint found = at_specificity(roc_curve(cases.score, cases.positive), 0.8);
    EXPECT_GE(found.specificity, 0.8);
    for (const double threshold : cases.score) {
      const Counted other = counted(cases, threshold);
      if (other.passes / (other.passes + other.alarms) < 0.8) continue;
      EXPECT_LE(other.hits / (other.hits + other.misses), found.sensitivity + 1e-12);
    }
  }
}

TEST(Decision, RefusesWhatMakesNoSense) {
  const std::vector<double> score{0.2, 0.8}, thresholds{0.5}, one{1.0};
  const std::vector<std::uint8_t> positive{0, 1}, same{1, 1};
  EXPECT_THROW(lowest_cost_point(score, positive, {.miss = 0}), InputError);
  EXPECT_THROW(lowest_cost_point(score, positive, {.alarm = infinity}), InputError);
  EXPECT_THROW(lowest_cost_point(score, positive, {.prevalence = 1}), InputError);
  EXPECT_THROW(lowest_cost_point(score, same, {}), InputError);
  EXPECT_THROW(decision_curve(score, positive, one), InputError);
  EXPECT_THROW(decision_curve(std::vector<double>{0.2, 1.8}, positive, thresholds), InputError);
  EXPECT_THROW(decision_curve(std::vector<double>{0.2, NAN}, positive, thresholds), InputError);
  EXPECT_THROW(decision_curve({}, {}, thresholds), InputError);
  EXPECT_THROW(decision_curve(score, same, thresholds, 0.1), InputError);
  EXPECT_NEAR(decision_curve(score, same, thresholds).net_benefit[0], 0.5, 1e-12);
  EXPECT_THROW(triage(score, positive, 1.1), InputError);
  const RocCurve curve = roc_curve(score, positive);
  EXPECT_THROW(at_sensitivity(curve, 1.5), InputError);
  EXPECT_THROW(at_specificity(curve, -0.5), InputError);
}

}  // namespace
}  // namespace naevus::metrics
