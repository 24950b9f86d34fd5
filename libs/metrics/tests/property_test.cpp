#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "naevus/base/error.hpp"
#include "naevus/base/random.hpp"
#include "naevus/metrics/calibration.hpp"
#include "naevus/metrics/confusion.hpp"
#include "naevus/metrics/decision.hpp"
#include "naevus/metrics/isic.hpp"
#include "naevus/metrics/ranked_scores.hpp"
#include "naevus/metrics/reliability.hpp"
#include "naevus/metrics/roc.hpp"

namespace naevus::metrics {
namespace {

struct Cases {
  std::vector<double> score;
  std::vector<std::uint8_t> positive;
  std::vector<std::uint32_t> weight;
};

/// @param levels  number of different scores: few of them make ties
Cases random_cases(std::uint64_t seed, std::size_t n, std::uint64_t levels) {
  Random random(seed);
  Cases cases;
  for (std::size_t i = 0; i < n; ++i) {
    cases.positive.push_back(random.chance(0.4) ? 1 : 0);
    cases.score.push_back(static_cast<double>(random.below(levels)) / 8 + 0.25 * cases.positive.back());
    cases.weight.push_back(static_cast<std::uint32_t>(random.below(4)));
  }
  return cases;
}

/// Share of the pairs of a positive and a negative that stand in the right order; a tie is half right.
std::optional<double> auc_by_pairs(const Cases& cases) {
  double right = 0, pairs = 0;
  for (std::size_t i = 0; i < cases.score.size(); ++i)
    for (std::size_t j = 0; j < cases.score.size(); ++j) {
      if (cases.positive[i] == 0 || cases.positive[j] != 0) continue;
      const double times = static_cast<double>(cases.weight[i]) * cases.weight[j];
      pairs += times;
      right += times * (cases.score[i] > cases.score[j] ? 1 : cases.score[i] == cases.score[j] ? 0.5 : 0);
    }
  if (pairs == 0) return std::nullopt;
  return right / pairs;
}

TEST(Roc, AreaIsTheShareOfPairsInTheRightOrder) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Cases cases = random_cases(seed, 1 + seed % 60, 1 + seed % 17);
    const auto ours = RankedScores(cases.score, cases.positive).auc(cases.weight);
    const auto naive = auc_by_pairs(cases);
    ASSERT_EQ(ours.has_value(), naive.has_value()) << seed;
    if (!ours) continue;
    EXPECT_NEAR(*ours, *naive, 1e-12) << seed;
  }
}

TEST(Roc, AreaUnderTheCurveByTrapezoidsIsTheArea) {
  const Cases cases = random_cases(7, 500, 40);
  const RocCurve curve = roc_curve(cases.score, cases.positive);
  double area = 0;
  for (std::size_t i = 1; i < curve.threshold.size(); ++i)
    area += (curve.false_positive_rate[i] - curve.false_positive_rate[i - 1]) *
            (curve.true_positive_rate[i] + curve.true_positive_rate[i - 1]) / 2;
  EXPECT_NEAR(area, roc_auc(cases.score, cases.positive).value(), 1e-12);
}

TEST(Roc, AWeightIsTheSameAsRepeatingTheCase) {
  const Cases cases = random_cases(11, 100, 12);
  Cases repeated;
  for (std::size_t i = 0; i < cases.score.size(); ++i)
    for (std::uint32_t k = 0; k < cases.weight[i]; ++k) {
      repeated.score.push_back(cases.score[i]);
      repeated.positive.push_back(cases.positive[i]);
    }
  EXPECT_EQ(RankedScores(cases.score, cases.positive).auc(cases.weight), roc_auc(repeated.score, repeated.positive));
}

TEST(Roc, OperatingPointsAreTheBestOfAllThresholds) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Cases cases = random_cases(seed, 200, 30);
    const RocCurve curve = roc_curve(cases.score, cases.positive);
    const OperatingPoint sensitive = at_sensitivity(curve, 0.95), youden = youden_point(curve);
    double specificity = 0, gain = 0;
    for (std::size_t i = 0; i < curve.threshold.size(); ++i) {
      gain = std::max(gain, curve.true_positive_rate[i] - curve.false_positive_rate[i]);
      if (curve.true_positive_rate[i] >= 0.95) specificity = std::max(specificity, 1 - curve.false_positive_rate[i]);
    }
    EXPECT_GE(sensitive.sensitivity, 0.95);
    EXPECT_DOUBLE_EQ(sensitive.specificity, specificity);
    EXPECT_NEAR(youden.sensitivity + youden.specificity - 1, gain, 1e-12);
    EXPECT_TRUE(std::isfinite(youden.threshold));
  }
}

TEST(Roc, RefusesWhatHasNoCurve) {
  const std::vector<double> scores{0.1, 0.2};
  EXPECT_THROW(roc_curve(scores, std::vector<std::uint8_t>{1, 1}), InputError);
  EXPECT_THROW(roc_curve(scores, std::vector<std::uint8_t>{0, 0}), InputError);
  EXPECT_THROW(roc_curve(scores, std::vector<std::uint8_t>{0}), InputError);
  const std::vector<double> broken{0.1, std::nan("")};
  EXPECT_THROW(roc_curve(broken, std::vector<std::uint8_t>{0, 1}), InputError);
}

TEST(Confusion, RefusesWhatDoesNotFit) {
  const std::vector<int> truth{0, 1, 2}, two{0, 1};
  EXPECT_THROW(confusion_matrix(truth, two, 3), InputError);
  EXPECT_THROW(confusion_matrix(truth, truth, 2), InputError);
  EXPECT_THROW(most_likely(std::vector<double>{0.1, 0.2, 0.3}, 2), InputError);
  EXPECT_THROW(most_likely(std::vector<double>{0.1, std::nan("")}, 2), InputError);
}

TEST(Confusion, WithoutCasesThereIsNoScore) {
  const ConfusionMatrix nothing = confusion_matrix({}, {}, 3);
  EXPECT_FALSE(accuracy(nothing));
  EXPECT_FALSE(balanced_accuracy(nothing));
  EXPECT_FALSE(macro_auc({}, {}, 3));
  EXPECT_FALSE(log_loss({}, {}, 3));
}

TEST(Calibration, TemperatureStaysInItsBoundsForSeparableCases) {
  const std::vector<double> logits{9, 0, 0, 9};
  EXPECT_DOUBLE_EQ(fit_temperature(logits, std::vector<int>{0, 1}, 2), 0.05);
  EXPECT_DOUBLE_EQ(fit_temperature(logits, std::vector<int>{1, 0}, 2), 20);
  const std::vector<double> huge{1e6, 0, 0, 1e6};
  EXPECT_DOUBLE_EQ(fit_temperature(huge, std::vector<int>{1, 0}, 2), 20);
}

TEST(Calibration, FindsTheTemperatureThatMadeTheLabels) {
  Random random(3);
  std::vector<double> logits;
  std::vector<int> truth;
  for (int i = 0; i < 20'000; ++i) {
    std::vector<double> row;
    for (int c = 0; c < 4; ++c) row.push_back(4 * random.normal());
    const std::vector<double> p = softmax(row, 4, 2.5);
    double left = random.uniform();
    int index = 0;
    while (index < 3 && (left -= p[static_cast<std::size_t>(index)]) > 0) ++index;
    truth.push_back(index);
    logits.insert(logits.end(), row.begin(), row.end());
  }
  EXPECT_NEAR(fit_temperature(logits, truth, 4), 2.5, 0.06);
}

TEST(Calibration, TheMalignantThresholdIsOfTheCalibratedSum) {
  // Two malignant classes whose logits are too sure by a factor 4; the threshold must divide the cases in the
  // calibrated probabilities that are handed out beside it.
  const std::vector<double> logits{8, 0, -4, 2, 3, -8, 0, 8, 1, -4, -4, 6, 7, 1, 0, -3, 9, -2};
  const std::vector<int> truth{0, 1, 1, 2, 0, 0};
  const std::vector<int> malignant{1, 2};
  const Calibration found = calibrate(logits, truth, 3, malignant);
  EXPECT_DOUBLE_EQ(found.temperature, fit_temperature(logits, truth, 3));
  EXPECT_EQ(found.probabilities, softmax(logits, 3, found.temperature));
  const auto share = summed_probability(found.probabilities, 3, malignant);
  for (std::size_t i = 0; i < share.size(); ++i) EXPECT_NEAR(share[i], 1 - found.probabilities[3 * i], 1e-12);
  ASSERT_TRUE(found.malignant && found.malignant_auc);
  std::size_t right = 0;
  for (std::size_t i = 0; i < share.size(); ++i)
    if ((share[i] >= found.malignant->threshold) == (truth[i] != 0)) ++right;
  EXPECT_EQ(right, 5U);  // the last benign case is the surest of all that is malignant
  EXPECT_NEAR(*found.malignant_auc, 2.0 / 3, 1e-12);
}

TEST(Calibration, WithoutMalignantClassesOrWithoutCasesOfBothKindsThereIsNoThreshold) {
  const std::vector<double> logits{1, 0, 0, 1};
  EXPECT_FALSE(calibrate(logits, std::vector{0, 1}, 2, {}).malignant);
  EXPECT_FALSE(calibrate(logits, std::vector{0, 0}, 2, std::vector{1}).malignant);
  EXPECT_THROW(calibrate(logits, std::vector{0, 1}, 2, std::vector{2}), InputError);
}

TEST(Calibration, RefusesWhatIsNoProbability) {
  EXPECT_THROW(log_loss(std::vector<double>{1.5, -0.5}, std::vector<int>{0}, 2), InputError);
  EXPECT_THROW(softmax(std::vector<double>{1, 2, 3}, 2), InputError);
  EXPECT_THROW(softmax(std::vector<double>{1, 2}, 2, 0), InputError);
  EXPECT_THROW(fit_temperature({}, {}, 2), InputError);
}

/// Three classes with probabilities on a grid (ties, some on a bin's bound), and how often each case was drawn.
struct ClassCases {
  std::vector<double> probabilities;
  std::vector<int> truth;
  std::vector<std::uint32_t> weight;

  /// Each case as often as its weight says.
  ClassCases expanded() const {
    ClassCases all;
    for (std::size_t i = 0; i < truth.size(); ++i)
      for (std::uint32_t k = 0; k < weight[i]; ++k) {
        all.truth.push_back(truth[i]);
        for (std::size_t c = 0; c < 3; ++c) all.probabilities.push_back(probabilities[3 * i + c]);
      }
    return all;
  }
};

ClassCases random_class_cases(std::uint64_t seed, std::size_t n) {
  Random random(seed);
  ClassCases cases;
  for (std::size_t i = 0; i < n; ++i) {
    const auto first = static_cast<double>(random.below(11)), second = static_cast<double>(random.below(11));
    const double a = std::min(first, second) / 10, b = std::max(first, second) / 10;
    cases.probabilities.insert(cases.probabilities.end(), {a, b - a, 1 - b});
    cases.truth.push_back(static_cast<int>(random.below(seed % 4 == 0 ? 2 : 3)));  // the third class absent at times
    cases.weight.push_back(static_cast<std::uint32_t>(random.below(3)));
  }
  cases.weight[0] = 1;
  return cases;
}

TEST(Properties, IsicsTableOfAResampleIsThatOfTheRepeatedCases) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE(seed);
    const ClassCases cases = random_class_cases(seed, 2 + seed), all = cases.expanded();
    const IsicScores ours = IsicTable(cases.probabilities, cases.truth, 3).scores(cases.weight);
    const IsicScores plain = isic_scores(all.probabilities, all.truth, 3);
    ASSERT_EQ(ours.classes.size(), plain.classes.size());
    EXPECT_EQ(ours.balanced_accuracy, plain.balanced_accuracy);
    for (std::size_t c = 0; c < 3; ++c) {
      const IsicClass &a = ours.classes[c], &b = plain.classes[c];
      for (const auto score : {&IsicClass::accuracy, &IsicClass::sensitivity, &IsicClass::specificity, &IsicClass::dice,
                               &IsicClass::ppv, &IsicClass::npv})
        EXPECT_DOUBLE_EQ(a.*score, b.*score);
      for (const auto score : {&IsicClass::auc, &IsicClass::auc_above_80, &IsicClass::average_precision}) {
        ASSERT_EQ((a.*score).has_value(), (b.*score).has_value());
        EXPECT_NEAR((a.*score).value_or(0), (b.*score).value_or(0), 1e-12);
      }
    }
  }
}

TEST(Properties, BrierPartsOfAResampleAreThoseOfTheRepeatedCasesAndAddUp) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE(seed);
    const ClassCases cases = random_class_cases(seed, 2 + seed), all = cases.expanded();
    const auto ours = BrierBins(cases.probabilities, cases.truth, 3, 5).parts(cases.weight);
    const auto plain = BrierBins(all.probabilities, all.truth, 3, 5).parts();
    ASSERT_TRUE(ours && plain);
    for (const auto part : {&BrierParts::score, &BrierParts::reliability, &BrierParts::resolution,
                            &BrierParts::uncertainty, &BrierParts::within_variance, &BrierParts::within_covariance})
      EXPECT_NEAR((*ours).*part, (*plain).*part, 1e-12);
    EXPECT_NEAR(
        ours->score,
        ours->reliability - ours->resolution + ours->uncertainty + ours->within_variance - ours->within_covariance,
        1e-12);
  }
  EXPECT_FALSE(BrierBins(std::vector<double>{0.5, 0.5}, std::vector<int>{0}, 2).parts(std::vector<std::uint32_t>{0}));
}

TEST(Properties, NetBenefitOfAResampleIsThatOfTheRepeatedCases) {
  const std::vector<double> thresholds{0.05, 0.25, 0.5, 0.9};
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE(seed);
    const Cases cases = random_cases(seed, 3 + seed, 6);
    std::vector<double> probability, repeated;
    std::vector<std::uint8_t> positive;
    for (std::size_t i = 0; i < cases.score.size(); ++i) {
      probability.push_back(cases.score[i] / 2);
      for (std::uint32_t k = 0; k < cases.weight[i]; ++k) {
        repeated.push_back(probability.back());
        positive.push_back(cases.positive[i]);
      }
    }
    const auto ours = net_benefit(RankedScores(probability, cases.positive), thresholds, cases.weight);
    if (repeated.empty()) {
      EXPECT_TRUE(ours.empty());
      continue;
    }
    const DecisionCurve plain = decision_curve(repeated, positive, thresholds);
    ASSERT_EQ(ours.size(), thresholds.size());
    for (std::size_t i = 0; i < ours.size(); ++i) EXPECT_NEAR(ours[i], plain.net_benefit[i], 1e-12);
  }
}

}  // namespace
}  // namespace naevus::metrics
