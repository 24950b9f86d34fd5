// Intervals and tests against statsmodels, and against the papers' formulas written out pair by pair:
// tests/golden/intervals.json, made by tests/golden/make_intervals.py. Then what must hold for every input.
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/random.hpp"
#include "naevus/metrics/auc_inference.hpp"
#include "naevus/metrics/mcnemar.hpp"
#include "naevus/metrics/proportion.hpp"
#include "naevus/metrics/roc.hpp"

namespace naevus::metrics {
namespace {

using nlohmann::json;

constexpr double tolerance = 1e-9;

const json& golden() {
  static const json file = json::parse(read_text(NAEVUS_SOURCE_DIR "/tests/golden/intervals.json"));
  return file;
}

void expect_equal(const Interval& ours, const json& theirs) {
  EXPECT_NEAR(ours.low, theirs[0].get<double>(), tolerance);
  EXPECT_NEAR(ours.high, theirs[1].get<double>(), tolerance);
}

TEST(IntervalsGolden, ProportionsEqualStatsmodels) {
  for (const json& item : golden().at("proportions")) {
    SCOPED_TRACE(item.dump());
    const std::uint64_t successes = item.at("successes"), cases = item.at("cases");
    const double level = item.at("level");
    expect_equal(wilson_interval(successes, cases, level).value(), item.at("wilson"));
    expect_equal(clopper_pearson_interval(successes, cases, level).value(), item.at("clopper_pearson"));
  }
}

TEST(IntervalsGolden, McNemarsTestEqualsStatsmodels) {
  for (const json& item : golden().at("mcnemar")) {
    SCOPED_TRACE(item.dump());
    const McNemar test =
        mcnemar_test(item.at("only_first").get<std::uint64_t>(), item.at("only_second").get<std::uint64_t>());
    EXPECT_NEAR(test.exact_p, item.at("exact").get<double>(), tolerance);
    EXPECT_NEAR(test.mid_p, item.at("mid").get<double>(), tolerance);
    if (item.at("chi_squared").is_null()) {
      EXPECT_EQ(test.chi_squared, 0);
      EXPECT_EQ(test.chi_squared_p, 1);
      continue;
    }
    EXPECT_NEAR(test.chi_squared, item.at("chi_squared").get<double>(), tolerance);
    EXPECT_NEAR(test.chi_squared_p, item.at("chi_squared_p").get<double>(), tolerance);
  }
}

TEST(IntervalsGolden, AreasAndTheirComparisonEqualDelongsAndObuchowskisFormulas) {
  for (const json& item : golden().at("areas")) {
    SCOPED_TRACE(item.at("name"));
    const std::vector<double> first = item.at("first"), second = item.at("second");
    const std::vector<std::uint8_t> positive = item.at("positive");
    std::vector<std::uint32_t> cluster;
    if (!item.at("cluster").is_null()) cluster = item.at("cluster").get<std::vector<std::uint32_t>>();
    const AucEstimate one = estimate_auc(first, positive, cluster).value();
    const AucEstimate other = estimate_auc(second, positive, cluster).value();
    EXPECT_NEAR(one.auc, item.at("areas")[0].get<double>(), tolerance);
    EXPECT_NEAR(other.auc, item.at("areas")[1].get<double>(), tolerance);
    EXPECT_NEAR(one.variance, item.at("variance")[0].get<double>(), 1e-12);
    EXPECT_NEAR(other.variance, item.at("variance")[1].get<double>(), 1e-12);
    expect_equal(auc_interval(one), item.at("interval"));
    expect_equal(auc_logit_interval(one).value(), item.at("logit_interval"));
    const AucComparison comparison = compare_auc(first, second, positive, cluster).value();
    EXPECT_NEAR(comparison.difference, one.auc - other.auc, tolerance);
    EXPECT_NEAR(comparison.variance, item.at("variance_of_difference").get<double>(), 1e-12);
    EXPECT_NEAR(comparison.z, item.at("z").get<double>(), tolerance);
    EXPECT_NEAR(comparison.p_value, item.at("p").get<double>(), tolerance);
  }
}

TEST(IntervalsGolden, NewcombesMethodEqualsARootFinder) {
  for (const json& item : golden().at("newcombe")) {
    SCOPED_TRACE(item.dump());
    expect_equal(newcombe_auc_interval(item.at("area"), item.at("positives"), item.at("negatives"), item.at("level")),
                 item.at("interval"));
  }
  EXPECT_THROW(newcombe_auc_interval(1.5, 3, 3), InputError);
  EXPECT_THROW(newcombe_auc_interval(0.5, 0, 3), InputError);
}

struct Cases {
  std::vector<double> first, second;
  std::vector<std::uint8_t> positive;
  std::vector<std::uint32_t> cluster;
};

/// Clusters of up to four cases that share a part of their scores and lean to one class.
Cases clustered_cases(Random& random, std::uint32_t clusters, double steps) {
  Cases cases;
  for (std::uint32_t c = 0; c < clusters; ++c) {
    const double shared = random.normal(), lean = random.chance(0.4) ? 0.8 : 0.1;
    for (std::uint64_t k = 0; k <= random.below(4); ++k) {
      cases.cluster.push_back(c);
      cases.positive.push_back(random.chance(lean) ? 1 : 0);
      const double score = shared + random.normal() + cases.positive.back();
      cases.first.push_back(std::round(score * steps) / steps);
      cases.second.push_back(std::round((score + random.normal()) * steps) / steps);
    }
  }
  return cases;
}

TEST(AucInference, ClustersOfOneAreIndependentCases) {
  Random random(2);
  for (int i = 0; i < 20; ++i) {
    const Cases cases = clustered_cases(random, 20, 2);
    std::vector<std::uint32_t> alone(cases.first.size());
    std::iota(alone.rbegin(), alone.rend(), 5U);
    const auto independent = compare_auc(cases.first, cases.second, cases.positive);
    const auto clustered = compare_auc(cases.first, cases.second, cases.positive, alone);
    ASSERT_EQ(independent.has_value(), clustered.has_value());
    if (!independent) continue;
    EXPECT_NEAR(independent->variance, clustered->variance, 1e-15);
    EXPECT_EQ(independent->difference, clustered->difference);
  }
}

TEST(AucInference, TheAreaIsThatOfTheRocCurve) {
  Random random(3);
  for (int i = 0; i < 30; ++i) {
    const Cases cases = clustered_cases(random, 15, 1);
    if (const auto estimate = estimate_auc(cases.first, cases.positive, cases.cluster)) {
      EXPECT_NEAR(estimate->auc, roc_auc(cases.first, cases.positive).value(), 1e-12);
    }
  }
}

TEST(AucInference, VariancesAreThoseOfRepeatedStudies) {
  // 1,500 studies of 80 clusters each: the mean of the estimated variances against the spread of the estimates. The
  // spread itself is known to some 4 %. DeLong's variance, which does not know of the clusters, is far too small.
  Random random(17);
  constexpr int studies = 1500;
  double area = 0, area2 = 0, variance = 0, unaware = 0, ahead = 0, ahead2 = 0, variance_ahead = 0;
  for (int i = 0; i < studies; ++i) {
    const Cases cases = clustered_cases(random, 80, 1e6);
    const AucEstimate estimate = estimate_auc(cases.first, cases.positive, cases.cluster).value();
    const AucComparison comparison = compare_auc(cases.first, cases.second, cases.positive, cases.cluster).value();
    area += estimate.auc / studies;
    area2 += estimate.auc * estimate.auc / studies;
    variance += estimate.variance / studies;
    unaware += estimate_auc(cases.first, cases.positive)->variance / studies;
    ahead += comparison.difference / studies;
    ahead2 += comparison.difference * comparison.difference / studies;
    variance_ahead += comparison.variance / studies;
  }
  EXPECT_NEAR(variance / (area2 - area * area), 1, 0.12);
  EXPECT_NEAR(variance_ahead / (ahead2 - ahead * ahead), 1, 0.12);
  EXPECT_LT(unaware / (area2 - area * area), 0.85);
}

TEST(AucInference, EqualScoresDoNotDifferAndPerfectOnesHaveNoLogitInterval) {
  const std::vector<double> perfect{0.9, 0.8, 0.7, 0.2, 0.1}, again{5, 4, 3, 2, 1};
  const std::vector<std::uint8_t> positive{1, 1, 1, 0, 0};
  const AucComparison comparison = compare_auc(perfect, again, positive).value();
  EXPECT_EQ(comparison.difference, 0);
  EXPECT_EQ(comparison.p_value, 1);
  const AucEstimate estimate = estimate_auc(perfect, positive).value();
  EXPECT_EQ(estimate.auc, 1);
  EXPECT_EQ(estimate.variance, 0);
  EXPECT_FALSE(auc_logit_interval(estimate));
  const std::vector<double> reversed{1, 2, 3, 4, 5};
  EXPECT_FALSE(compare_auc(perfect, reversed, positive));  // 1 against 0, and no variance
}

TEST(AucInference, OneCaseOrClusterOfAClassHasNoVariance) {
  const std::vector<double> score{0.9, 0.4, 0.3, 0.2};
  EXPECT_FALSE(estimate_auc(score, std::vector<std::uint8_t>{1, 0, 0, 0}));
  EXPECT_FALSE(estimate_auc(score, std::vector<std::uint8_t>{0, 0, 0, 0}));
  EXPECT_FALSE(estimate_auc({}, {}));
  const std::vector<std::uint8_t> positive{1, 1, 0, 0};
  EXPECT_TRUE(estimate_auc(score, positive));
  EXPECT_FALSE(estimate_auc(score, positive, std::vector<std::uint32_t>{1, 1, 2, 3}));
  EXPECT_THROW(estimate_auc(score, positive, std::vector<std::uint32_t>{1, 1}), InputError);
  EXPECT_THROW(estimate_auc(std::vector<double>{1, NAN, 2, 3}, positive), InputError);
  EXPECT_THROW(compare_auc(score, score, positive, {}, 1.0), InputError);
}

TEST(AucInference, AMillionCasesTakeSeconds) {
  Random random(1);
  std::vector<double> score(1'000'000);
  std::vector<std::uint8_t> positive(score.size());
  for (std::size_t i = 0; i < score.size(); ++i) {
    positive[i] = random.chance(0.1) ? 1 : 0;
    score[i] = random.normal() + positive[i];
  }
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_NEAR(estimate_auc(score, positive).value().auc, 0.760, 0.005);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
}

TEST(Proportion, AnIntervalHoldsTheShareAndShrinksWithCases) {
  for (std::uint64_t cases = 1; cases <= 40; ++cases)
    for (std::uint64_t successes = 0; successes <= cases; ++successes) {
      const double share = static_cast<double>(successes) / static_cast<double>(cases);
      for (const Interval interval :
           {wilson_interval(successes, cases).value(), clopper_pearson_interval(successes, cases).value()}) {
        EXPECT_GE(interval.low, 0);
        EXPECT_LE(interval.low, share);
        EXPECT_GE(interval.high, share);
        EXPECT_LE(interval.high, 1);
      }
    }
  EXPECT_FALSE(wilson_interval(0, 0));
  EXPECT_FALSE(clopper_pearson_interval(0, 0));
  EXPECT_THROW(wilson_interval(3, 2), InputError);
  EXPECT_THROW(clopper_pearson_interval(1, 2, 1.5), InputError);
}

TEST(Proportion, TheCasesNeededAreTheFewestThatAreNeverTooFew) {
  for (const double half_width : {0.03, 0.1, 0.2, 0.4}) {
    const Precision precision{.half_width = half_width};
    const std::uint64_t needed = cases_needed(precision);
    for (std::uint64_t successes = 0; successes <= needed; ++successes)
      EXPECT_FALSE(too_few_cases(successes, needed, precision)) << half_width << " " << successes;
    // The widest interval is that of one half, which only even numbers have.
    const std::uint64_t fewer = (needed - 1) / 2 * 2;
    if (fewer > 0) {
      EXPECT_TRUE(too_few_cases(fewer / 2, fewer, precision)) << half_width;
    }
  }
  EXPECT_EQ(cases_needed(), 93U);
  EXPECT_TRUE(too_few_cases(0, 0));
  EXPECT_THROW(cases_needed({.half_width = 0}), InputError);
  EXPECT_THROW(cases_needed({.half_width = 0.5}), InputError);
}

TEST(McNemar, CountsOnlyCasesThatTellTheTwoApart) {
  const std::vector<std::uint8_t> first{1, 1, 0, 0, 1, 1}, second{1, 0, 1, 0, 0, 0};
  const McNemar test = mcnemar_test(first, second);
  EXPECT_EQ(test.only_first, 3U);
  EXPECT_EQ(test.only_second, 1U);
  EXPECT_DOUBLE_EQ(test.exact_p, 2 * 5.0 / 16);
  EXPECT_DOUBLE_EQ(test.mid_p, 2 * 5.0 / 16 - 4.0 / 16);
  const McNemar nothing = mcnemar_test(0, 0);
  EXPECT_EQ(nothing.exact_p, 1);
  EXPECT_EQ(nothing.mid_p, 1);
  EXPECT_EQ(nothing.chi_squared_p, 1);
  EXPECT_THROW(mcnemar_test(first, std::vector<std::uint8_t>{1}), InputError);
}

}  // namespace
}  // namespace naevus::metrics
