// Properties of curves, areas and rank scores that must hold for every input.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "naevus/base/error.hpp"
#include "naevus/base/random.hpp"
#include "naevus/metrics/confusion.hpp"
#include "naevus/metrics/isic.hpp"
#include "naevus/metrics/partial_auc.hpp"
#include "naevus/metrics/precision_recall.hpp"
#include "naevus/metrics/ranked_scores.hpp"
#include "naevus/metrics/top_k.hpp"

namespace naevus::metrics {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

struct Cases {
  std::vector<double> score;
  std::vector<std::uint8_t> positive;
};

/// @param levels  number of different scores: few of them make ties
Cases random_cases(std::uint64_t seed, std::size_t n, std::uint64_t levels) {
  Random random(seed);
  Cases cases;
  for (std::size_t i = 0; i < n; ++i) {
    cases.positive.push_back(random.chance(0.3) ? 1 : 0);
    cases.score.push_back(static_cast<double>(random.below(levels)) / 16 + 0.2 * cases.positive.back());
  }
  cases.positive.front() = 1;
  cases.positive.back() = 0;
  return cases;
}

/// Sensitivity at a false positive rate, on the lines between the points of the curve; the highest where it is steep.
double height(const RocCurve& curve, double rate) {
  std::size_t i = curve.threshold.size() - 1;
  while (i > 0 && curve.false_positive_rate[i - 1] >= rate) --i;
  while (i + 1 < curve.threshold.size() && curve.false_positive_rate[i + 1] == rate) ++i;
  if (curve.false_positive_rate[i] == rate || i == 0) return curve.true_positive_rate[i];
  const double x0 = curve.false_positive_rate[i - 1], x1 = curve.false_positive_rate[i];
  return std::lerp(curve.true_positive_rate[i - 1], curve.true_positive_rate[i], (rate - x0) / (x1 - x0));
}

TEST(PartialAuc, AreasAreTheIntegralsThatTheyNameByTheMidpointRule) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Cases cases = random_cases(seed, 30 + seed, 2 + 3 * seed);
    const RocCurve curve = roc_curve(cases.score, cases.positive);
    constexpr int steps = 20'000;
    double low_part = 0, above_60 = 0, at_60 = 0;
    for (int i = 0; i < steps; ++i) {
      const double rate = (i + 0.5) / steps, y = height(curve, rate);
      if (rate <= 0.25) low_part += y / steps;
      above_60 += std::max(y - 0.6, 0.0) / steps;
      if (y >= 0.6) at_60 += y / steps;
    }
    const double lowest = 0.25 * 0.25 / 2;
    EXPECT_NEAR(standardised_partial_auc(curve, 0.25), (1 + (low_part - lowest) / (0.25 - lowest)) / 2, 1e-3) << seed;
    EXPECT_NEAR(partial_auc_above(curve, 0.6), above_60, 2e-4) << seed;
    EXPECT_NEAR(auc_above_sensitivity(curve, 0.6), at_60, 2e-4) << seed;
    EXPECT_NEAR(partial_auc_above(curve, 0), roc_auc(cases.score, cases.positive).value(), 1e-12);
    EXPECT_NEAR(standardised_partial_auc(curve, 1), roc_auc(cases.score, cases.positive).value(), 1e-12);
  }
}

TEST(PartialAuc, PerfectScoresReachTheirHighestValuesAndConstantOnesTheDiagonal) {
  const std::vector<std::uint8_t> positive{1, 1, 0, 0, 0};
  const RocCurve perfect = roc_curve(std::vector<double>{5, 4, 3, 2, 1}, positive);
  EXPECT_DOUBLE_EQ(standardised_partial_auc(perfect, 0.1), 1);
  EXPECT_NEAR(partial_auc_above(perfect, 0.8), 0.2, 1e-15);
  EXPECT_DOUBLE_EQ(auc_above_sensitivity(perfect, 0.8), 1);
  const RocCurve diagonal = roc_curve(std::vector<double>(5, 0.5), positive);
  EXPECT_NEAR(standardised_partial_auc(diagonal, 0.1), 0.5, 1e-15);
  EXPECT_NEAR(partial_auc_above(diagonal, 0.8), 0.02, 1e-15);
  EXPECT_NEAR(auc_above_sensitivity(diagonal, 0.8), 0.18, 1e-15);
}

TEST(PartialAuc, RefusesLimitsThatMakeNoSense) {
  const RocCurve curve = roc_curve(std::vector<double>{1, 2}, std::vector<std::uint8_t>{0, 1});
  for (const double wrong : {0.0, -0.1, 1.1, std::nan("")}) {
    EXPECT_THROW(standardised_partial_auc(curve, wrong), InputError);
    EXPECT_THROW(auc_above_sensitivity(curve, wrong), InputError);
  }
  for (const double wrong : {1.0, -0.1, std::nan("")}) EXPECT_THROW(partial_auc_above(curve, wrong), InputError);
}

TEST(PrecisionRecall, EachPointCountsTheCasesAtOrAboveItsThreshold) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const Cases cases = random_cases(seed, 2 + 3 * seed, 1 + seed);
    const PrecisionRecallCurve curve = precision_recall_curve(cases.score, cases.positive);
    EXPECT_EQ(curve.threshold[0], infinity);
    EXPECT_EQ(curve.precision[0], 1);
    EXPECT_EQ(curve.recall[0], 0);
    for (std::size_t i = 1; i < curve.threshold.size(); ++i) {
      double called = 0, hits = 0, positives = 0;
      for (std::size_t k = 0; k < cases.score.size(); ++k) {
        positives += cases.positive[k];
        if (cases.score[k] < curve.threshold[i]) continue;
        ++called;
        hits += cases.positive[k];
      }
      EXPECT_LT(curve.threshold[i], curve.threshold[i - 1]);
      EXPECT_DOUBLE_EQ(curve.precision[i], hits / called);
      EXPECT_DOUBLE_EQ(curve.recall[i], hits / positives);
    }
    EXPECT_EQ(curve.recall.back(), 1);
  }
}

TEST(PrecisionRecall, ConstantScoresHaveThePrevalence) {
  EXPECT_DOUBLE_EQ(average_precision(std::vector<double>(4, 0.7), std::vector<std::uint8_t>{0, 1, 0, 0}).value(), 0.25);
  EXPECT_DOUBLE_EQ(average_precision(std::vector<double>{0.2}, std::vector<std::uint8_t>{1}).value(), 1);
  EXPECT_FALSE(average_precision(std::vector<double>{0.2}, std::vector<std::uint8_t>{0}));
  EXPECT_FALSE(average_precision({}, {}));
}

TEST(Curves, RefuseScoresThatAreNotFinite) {
  const std::vector<std::uint8_t> positive{0, 1};
  for (const double wrong : {std::nan(""), infinity, -infinity}) {
    const std::vector<double> score{0.5, wrong};
    EXPECT_THROW(roc_curve(score, positive), InputError);
    EXPECT_THROW(precision_recall_curve(score, positive), InputError);
    EXPECT_THROW(average_precision(score, positive), InputError);
    EXPECT_THROW(top_k_accuracy(score, std::vector<int>{0}, 2, 1), InputError);
    EXPECT_THROW(isic_scores(score, std::vector<int>{0}, 2), InputError);
  }
  EXPECT_THROW(precision_recall_curve(std::vector<double>{1, 2}, std::vector<std::uint8_t>{0, 0}), InputError);
  EXPECT_THROW(isic_scores(std::vector<double>{1.2, 0}, std::vector<int>{0}, 2), InputError);
  EXPECT_THROW(isic_scores({}, {}, 2), InputError);
}

TEST(Curves, AMillionCasesTakeSeconds) {
  Random random(1);
  Cases cases;
  for (int i = 0; i < 1'000'000; ++i) {
    cases.positive.push_back(random.chance(0.02) ? 1 : 0);
    cases.score.push_back(std::round(1e5 * (random.normal() + cases.positive.back())) / 1e5);
  }
  const auto begin = std::chrono::steady_clock::now();
  const RankedScores ranked(cases.score, cases.positive);
  // Two normal distributions one standard deviation apart: Phi(1 / sqrt 2).
  EXPECT_NEAR(ranked.auc().value(), 0.760, 0.005);
  EXPECT_NEAR(partial_auc_above(ranked.curve().value(), 0), ranked.auc().value(), 1e-9);
  EXPECT_GT(ranked.average_precision().value(), 0.05);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
}

TEST(Matthews, IsTheCorrelationOfTheIndicatorsForTwoClasses) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Random random(seed);
    std::vector<int> truth, called;
    for (int i = 0; i < 60; ++i) {
      truth.push_back(random.chance(0.3) ? 1 : 0);
      called.push_back(random.chance(0.2) ? 1 - truth.back() : truth.back());
    }
    double n = 60, x = 0, y = 0, xy = 0;
    for (std::size_t i = 0; i < 60; ++i) {
      x += truth[i];
      y += called[i];
      xy += truth[i] * called[i];
    }
    const double correlation = (xy / n - x / n * y / n) / std::sqrt((x / n - x * x / n / n) * (y / n - y * y / n / n));
    EXPECT_NEAR(matthews_correlation(confusion_matrix(truth, called, 2)).value(), correlation, 1e-12);
  }
  EXPECT_FALSE(matthews_correlation(confusion_matrix({}, {}, 2)));
}

TEST(TopK, TheFirstIsTheAccuracyAndAllClassesAreCertain) {
  Random random(4);
  std::vector<double> scores;
  std::vector<int> truth;
  for (int i = 0; i < 200; ++i) {
    truth.push_back(static_cast<int>(random.below(4)));
    for (int c = 0; c < 4; ++c) scores.push_back(static_cast<double>(random.below(3)));
  }
  const auto called = most_likely(scores, 4);
  EXPECT_EQ(top_k_accuracy(scores, truth, 4, 1), accuracy(confusion_matrix(truth, called, 4)));
  EXPECT_EQ(top_k_accuracy(scores, truth, 4, 4), 1);
  EXPECT_EQ(top_k_accuracy(scores, truth, 4, 9), 1);
  EXPECT_LT(top_k_accuracy(scores, truth, 4, 2), top_k_accuracy(scores, truth, 4, 3));
  EXPECT_THROW(top_k_accuracy(scores, truth, 4, 0), InputError);
  EXPECT_FALSE(top_k_accuracy({}, {}, 4, 1));
}

TEST(Isic, AClassWithoutCasesHasNoAreaAndCountsInNoMean) {
  const std::vector<double> probabilities{0.9, 0.1, 0, 0.4, 0.6, 0, 0.2, 0.8, 0};
  const IsicScores scores = isic_scores(probabilities, std::vector<int>{0, 0, 1}, 3);
  EXPECT_FALSE(scores.classes[2].auc);
  EXPECT_FALSE(scores.classes[2].auc_above_80);
  EXPECT_EQ(scores.classes[2].sensitivity, 1);  // as the official scorer has it
  EXPECT_EQ(scores.mean.auc, 1);
  EXPECT_DOUBLE_EQ(scores.balanced_accuracy.value(), 0.75);
}

TEST(Isic, ACaseWithTwoHighestProbabilitiesIsUndecidedAndWrong) {
  const std::vector<double> probabilities{0.5, 0.5, 0.5, 0.5, 0.1, 0.9};
  EXPECT_DOUBLE_EQ(isic_scores(probabilities, std::vector<int>{0, 1, 1}, 2).balanced_accuracy.value(), 0.25);
}

}  // namespace
}  // namespace naevus::metrics
