// What recalibration and prediction sets must do for every input.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "naevus/base/error.hpp"
#include "naevus/base/random.hpp"
#include "naevus/metrics/calibration.hpp"
#include "naevus/metrics/calibration_slope.hpp"
#include "naevus/metrics/conformal.hpp"
#include "naevus/metrics/isotonic.hpp"
#include "naevus/metrics/vector_scaling.hpp"

namespace naevus::metrics {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

struct Table {
  std::vector<double> logits;
  std::vector<int> truth;
};

/// Truths drawn from the softmax of logits, which are then spoilt: what is to be found is how to undo it.
Table spoilt_table(std::uint64_t seed, std::size_t n, const VectorScaling& undoing) {
  Random random(seed);
  const std::size_t classes = undoing.weight.size();
  Table table;
  for (std::size_t i = 0; i < n; ++i) {
    std::vector<double> row(classes);
    for (double& value : row) value = 2 * random.normal();
    const std::vector<double> p = softmax(row, classes);
    double left = random.uniform();
    std::size_t truth = 0;
    while (truth + 1 < classes && (left -= p[truth]) > 0) ++truth;
    table.truth.push_back(static_cast<int>(truth));
    for (std::size_t c = 0; c < classes; ++c) table.logits.push_back((row[c] - undoing.bias[c]) / undoing.weight[c]);
  }
  return table;
}

TEST(VectorScaling, FindsWhatSpoiltTheLogits) {
  const VectorScaling undoing{{0.5, 1.5, 1, 0.8},
                              {0.7, -0.3, 0.1, -0.5}};  // the biases sum to 0, which the prior picks
  const Table table = spoilt_table(4, 40'000, undoing);
  const VectorScaling found = fit_vector_scaling(table.logits, table.truth, 4);
  for (std::size_t c = 0; c < 4; ++c) {
    EXPECT_NEAR(found.weight[c], undoing.weight[c], 0.04);
    EXPECT_NEAR(found.bias[c], undoing.bias[c], 0.08);
  }
}

TEST(VectorScaling, NeverLosesToNoScalingOnTheCasesThatFittedIt) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Table table = spoilt_table(seed, 60, {{1, 2, 0.4}, {0, 0.5, -0.5}});
    const auto loss = [&](const std::vector<double>& logits) { return *log_loss(softmax(logits, 3), table.truth, 3); };
    const VectorScaling found = fit_vector_scaling(table.logits, table.truth, 3);
    EXPECT_LE(loss(scaled(table.logits, found)), loss(table.logits) + 1e-12);
  }
}

TEST(VectorScaling, StaysFiniteForClassesWithoutCasesSeparableOnesAndHugeLogits) {
  const auto finite = [](const VectorScaling& found) {
    return std::all_of(found.weight.begin(), found.weight.end(), [](double v) { return std::isfinite(v); }) &&
           std::all_of(found.bias.begin(), found.bias.end(), [](double v) { return std::isfinite(v); });
  };
  const std::vector<double> separable{9, 0, 0, 9, 8, 1, 1, 8}, huge{1e6, 0, 0, 1e6}, constant(12, 0.25);
  EXPECT_TRUE(finite(fit_vector_scaling(separable, std::vector{0, 1, 0, 1}, 2)));
  EXPECT_TRUE(finite(fit_vector_scaling(huge, std::vector{1, 0}, 2)));
  EXPECT_TRUE(finite(fit_vector_scaling(constant, std::vector{0, 0, 1}, 4)));
  EXPECT_TRUE(finite(fit_vector_scaling(std::vector{0.1, 0.2, 0.3}, std::vector{1}, 3)));
  // Of cases that tell nothing but the classes' shares, those come out.
  const auto p = softmax(scaled(constant, fit_vector_scaling(constant, std::vector{0, 0, 1}, 4)), 4);
  EXPECT_NEAR(p[0], 2.0 / 3, 0.02);
  EXPECT_NEAR(p[2], 0, 0.02);
}

TEST(VectorScaling, RefusesWhatDoesNotFit) {
  EXPECT_THROW(fit_vector_scaling({}, {}, 2), InputError);
  EXPECT_THROW(fit_vector_scaling(std::vector<double>{1, NAN}, std::vector{0}, 2), InputError);
  EXPECT_THROW(fit_vector_scaling(std::vector{1.0, 2.0}, std::vector{2}, 2), InputError);
  EXPECT_THROW(scaled(std::vector{1.0, 2.0, 3.0}, {{1, 1}, {0, 0}}), InputError);
  EXPECT_THROW(scaled(std::vector{1.0, 2.0}, {{1, 1}, {0}}), InputError);
}

TEST(Isotonic, TheFitIsTheNearestOfAllRisingCurves) {
  // By the min-max formula: the highest, over what begins at or below a score, of the lowest, over what ends at or
  // above it, of the mean between.
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    Random random(seed);
    std::vector<double> score;
    std::vector<std::uint8_t> positive;
    for (std::uint64_t i = 0; i < 1 + seed; ++i) {
      score.push_back(static_cast<double>(random.below(1 + seed / 2)));
      positive.push_back(random.chance(0.3 + score.back() / 40) ? 1 : 0);
    }
    const IsotonicFit fit = fit_isotonic(score, positive);
    for (const double at : score) {
      double highest = 0;
      for (const double low : score) {
        if (low > at) continue;
        double lowest = 1;
        for (const double high : score) {
          if (high < at) continue;
          double sum = 0, cases = 0;
          for (std::size_t i = 0; i < score.size(); ++i)
            if (score[i] >= low && score[i] <= high) {
              sum += positive[i];
              ++cases;
            }
          lowest = std::min(lowest, sum / cases);
        }
        highest = std::max(highest, lowest);
      }
      EXPECT_NEAR(fit(at), highest, 1e-12) << seed;
    }
    EXPECT_TRUE(std::is_sorted(fit.probability.begin(), fit.probability.end()));
    EXPECT_EQ(fit(-infinity), fit.probability.front());
    EXPECT_EQ(fit(infinity), fit.probability.back());
  }
  EXPECT_THROW(fit_isotonic({}, {}), InputError);
  EXPECT_THROW(fit_isotonic(std::vector<double>{NAN}, std::vector<std::uint8_t>{1}), InputError);
}

TEST(CalibrationSlope, FindsTheSlopeThatMadeTheOutcomes) {
  Random random(6);
  std::vector<double> probability;
  std::vector<std::uint8_t> positive;
  for (int i = 0; i < 20'000; ++i) {
    const double logit = 2 * random.normal();
    probability.push_back(1 / (1 + std::exp(-logit)));
    positive.push_back(random.chance(1 / (1 + std::exp(-(0.5 + 0.7 * logit)))) ? 1 : 0);
  }
  const CalibrationSlope found = calibration_slope(probability, positive).value();
  EXPECT_NEAR(found.slope, 0.7, 0.03);
  EXPECT_NEAR(found.intercept, 0.5, 0.05);
  EXPECT_LT(found.slope_interval.low, 0.7);
  EXPECT_GT(found.slope_interval.high, 0.7);
  EXPECT_LT(found.slope_interval.high, 1);
}

TEST(CalibrationSlope, CopiesOfACaseInOneClusterAddNoCertainty) {
  Random random(7);
  std::vector<double> once, four_times;
  std::vector<std::uint8_t> positive, positives;
  std::vector<std::uint32_t> cluster;
  for (std::uint32_t i = 0; i < 400; ++i) {
    once.push_back(random.uniform(0.02, 0.98));
    positive.push_back(random.chance(once.back()) ? 1 : 0);
    for (int k = 0; k < 4; ++k) {
      four_times.push_back(once.back());
      positives.push_back(positive.back());
      cluster.push_back(i);
    }
  }
  const auto single = calibration_slope(once, positive).value();
  const auto unaware = calibration_slope(four_times, positives).value();
  const auto aware = calibration_slope(four_times, positives, cluster).value();
  EXPECT_NEAR(single.slope, aware.slope, 1e-9);
  const auto width = [](const Interval& interval) { return interval.high - interval.low; };
  EXPECT_NEAR(width(unaware.slope_interval) / width(single.slope_interval), 0.5, 1e-6);
  EXPECT_NEAR(width(aware.slope_interval) / width(single.slope_interval), 1, 0.1);
}

TEST(CalibrationSlope, CasesThatAThresholdSeparatesHaveNone) {
  const std::vector<double> probability{0.1, 0.4, 0.6, 0.9};
  using Flags = std::vector<std::uint8_t>;
  EXPECT_FALSE(calibration_slope(probability, Flags{0, 0, 1, 1}));
  EXPECT_FALSE(calibration_slope(probability, Flags{1, 1, 0, 0}));
  EXPECT_FALSE(calibration_slope(probability, Flags{1, 1, 1, 1}));
  EXPECT_FALSE(calibration_slope({}, {}));
  EXPECT_FALSE(calibration_slope(std::vector{0.2, 0.2, 0.2}, Flags{0, 1, 0}));  // one probability has no slope
  EXPECT_TRUE(calibration_slope(probability, Flags{0, 1, 0, 1}));
  EXPECT_TRUE(calibration_slope(std::vector{0.0, 1.0, 0.5, 1.0}, Flags{0, 1, 1, 0}));  // clipped
  EXPECT_FALSE(calibration_slope(probability, Flags{0, 1, 0, 1}, std::vector<std::uint32_t>{1, 1, 1, 1}));
  EXPECT_THROW(calibration_slope(probability, Flags{0, 1}), InputError);
  EXPECT_THROW(calibration_slope(std::vector{1.5}, Flags{0}), InputError);
}

TEST(Recalibration, AMillionCasesTakeSeconds) {
  Random random(8);
  std::vector<double> probability(1'000'000);
  std::vector<std::uint8_t> positive(probability.size());
  for (std::size_t i = 0; i < probability.size(); ++i) {
    probability[i] = random.uniform();
    positive[i] = random.chance(probability[i] * probability[i]) ? 1 : 0;
  }
  const auto begin = std::chrono::steady_clock::now();
  // Told p, the truth is p^2: the mean distance is the integral of p - p^2, 1/6.
  for (const Binning binning : {Binning::equal_width, Binning::equal_mass}) {
    const auto found = against_perfect_calibration(probability, positive, 15, binning, {.simulations = 20}).value();
    EXPECT_NEAR(found.error, 1.0 / 6, 0.005);
    EXPECT_LT(found.limit, 0.005);
  }
  EXPECT_NEAR(fit_isotonic(probability, positive)(0.6), 0.36, 0.02);
  EXPECT_LT(calibration_slope(probability, positive).value().in_the_large_interval.high, 0);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
}

/// The chance that a binomial lies that far below its mean is less than one in a million.
double five_sigma_below(double share, double n) {
  return share - 5 * std::sqrt(share * (1 - share) / n);
}

TEST(Conformal, SetsHoldTheTruthAsOftenAsPromised) {
  // The promise is over fits as well: many small fits, each judged on fresh cases of the same kind.
  constexpr int fits = 150;
  constexpr std::size_t n = 60, classes = 4;
  for (const SetScore score : {SetScore::least_ambiguous, SetScore::adaptive})
    for (const bool by_class : {false, true}) {
      SetScores sum{.class_cases = std::vector<std::uint64_t>(classes),
                    .class_covered = std::vector<std::uint64_t>(classes)};
      for (std::uint64_t fit = 0; fit < fits; ++fit) {
        const VectorScaling crooked{{0.4, 2, 1, 1}, {0.5, -1, 0, 0.3}};  // the promise does not need a good model
        const Table fitted = spoilt_table(1000 + fit, n, crooked), fresh = spoilt_table(5000 + fit, n, crooked);
        const auto limits =
            fit_conformal(softmax(fitted.logits, classes), fitted.truth, classes, {0.2, score, by_class});
        const SetScores found =
            score_sets(prediction_sets(softmax(fresh.logits, classes), limits), fresh.truth, classes);
        sum.cases += found.cases;
        sum.covered += found.covered;
        for (std::size_t c = 0; c < classes; ++c) {
          sum.class_cases[c] += found.class_cases[c];
          sum.class_covered[c] += found.class_covered[c];
        }
      }
      // Cases of one fit share its luck: as many independent ones as there are fits, times a share of their cases.
      const auto share = [](std::uint64_t part, std::uint64_t whole) {
        return static_cast<double>(part) / static_cast<double>(whole);
      };
      EXPECT_GE(share(sum.covered, sum.cases), five_sigma_below(0.8, fits * n / 2.0));
      if (!by_class) {
        EXPECT_LE(share(sum.covered, sum.cases), 0.85);
      }
      for (std::size_t c = 0; by_class && c < classes; ++c)
        EXPECT_GE(share(sum.class_covered[c], sum.class_cases[c]),
                  five_sigma_below(0.8, static_cast<double>(sum.class_cases[c]) / 2));
    }
}

TEST(Conformal, ASmallerShareOfMissesNeverTakesAClassFromASet) {
  const Table table = spoilt_table(3, 200, {{1, 1, 1}, {0, 0, 0}});
  const auto p = softmax(table.logits, 3);
  for (const SetScore score : {SetScore::least_ambiguous, SetScore::adaptive}) {
    std::vector<std::uint8_t> smaller(p.size(), 0);
    for (const double alpha : {0.5, 0.3, 0.1, 0.01, 0.001}) {
      const auto sets = prediction_sets(p, fit_conformal(p, table.truth, 3, {alpha, score}));
      for (std::size_t i = 0; i < sets.size(); ++i) EXPECT_GE(sets[i], smaller[i]);
      smaller = sets;
    }
    EXPECT_EQ(std::count(smaller.begin(), smaller.end(), 1), 600);  // 200 cases can't promise one miss in 1,000
  }
}

TEST(Conformal, TheLimitIsTheOrderStatisticOfThePaper) {
  // 9 cases: (9 + 1)(1 - 0.3) = 7, the seventh smallest score.
  std::vector<double> p;
  for (int i = 1; i <= 9; ++i) p.insert(p.end(), {i / 10.0, 1 - i / 10.0});
  const std::vector<int> truth(9, 0);
  EXPECT_DOUBLE_EQ(fit_conformal(p, truth, 2, {0.3}).limit[0], 0.7);
  EXPECT_DOUBLE_EQ(fit_conformal(p, truth, 2, {0.1}).limit[1], 0.9);
  EXPECT_EQ(fit_conformal(p, truth, 2, {0.05}).limit[0], infinity);
  EXPECT_EQ(fit_conformal(p, truth, 2, {0.3, SetScore::least_ambiguous, true}).limit[1], infinity);  // no case
  EXPECT_EQ(fit_conformal({}, {}, 2).limit[0], infinity);
}

TEST(Conformal, CountsAreThoseOfTheSets) {
  const std::vector<std::uint8_t> sets{1, 0, 0, 1, 1, 1, 0, 0, 0, 0, 1, 0};
  const SetScores scores = score_sets(sets, std::vector{0, 2, 1, 2}, 3);
  EXPECT_EQ(scores.cases, 4U);
  EXPECT_EQ(scores.covered, 2U);
  EXPECT_EQ(scores.empty, 1U);
  EXPECT_EQ(scores.single, 2U);
  EXPECT_DOUBLE_EQ(scores.mean_size, 5.0 / 4);
  EXPECT_EQ(scores.class_cases, (std::vector<std::uint64_t>{1, 1, 2}));
  EXPECT_EQ(scores.class_covered, (std::vector<std::uint64_t>{1, 0, 1}));
  EXPECT_EQ(score_sets({}, {}, 3).mean_size, 0);
  EXPECT_THROW(score_sets(sets, std::vector{0, 1}, 3), InputError);
  EXPECT_THROW(fit_conformal(std::vector{0.5, 0.5}, std::vector{0}, 2, {1.0}), InputError);
  EXPECT_THROW(prediction_sets(std::vector{0.5, 1.5}, {SetScore::adaptive, {1, 1}}), InputError);
}

}  // namespace
}  // namespace naevus::metrics
