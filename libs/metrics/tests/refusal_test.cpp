// Refusal against scikit-learn and the definitions: tests/golden/scores.json, made by tests/golden/make_scores.py. Then
// what must hold for every input.
#include "naevus/metrics/refusal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/random.hpp"

namespace naevus::metrics {
namespace {

using nlohmann::json;

const json& golden() {
  static const json file = json::parse(read_text(NAEVUS_SOURCE_DIR "/tests/golden/scores.json"));
  return file;
}

TEST(RefusalGolden, ForeignCasesAreToldApartAsScikitLearnHasIt) {
  for (const json& item : golden().at("foreign")) {
    SCOPED_TRACE(item.at("name"));
    const std::vector<double> own = item.at("own"), foreign = item.at("foreign");
    const ForeignScores scores = score_refusal(own, foreign);
    EXPECT_NEAR(scores.auroc, item.at("auroc").get<double>(), 1e-9);
    EXPECT_NEAR(scores.false_positive_rate_at_95, item.at("false_positive_rate_at_95").get<double>(), 1e-9);
    EXPECT_EQ(scores.limit, item.at("limit").get<double>());
  }
}

TEST(RefusalGolden, TheAreaUnderRiskAndCoverageIsTheMeanOfTheRisks) {
  for (const json& item : golden().at("risk_coverage")) {
    const std::vector<double> confidence = item.at("confidence");
    const std::vector<std::uint8_t> right = item.at("right");
    const RiskCoverage found = risk_coverage(confidence, right);
    EXPECT_NEAR(found.area, item.at("area").get<double>(), 1e-12);
    EXPECT_NEAR(found.excess_area, item.at("excess_area").get<double>(), 1e-12);
    EXPECT_NEAR(std::accumulate(found.risk.begin(), found.risk.end(), 0.0) / static_cast<double>(found.risk.size()),
                found.area, 1e-12);
  }
}

TEST(Refusal, AtTheLimitAtLeast95PercentOfTheOwnCasesAreAnsweredAndNoLowerLimitDoes) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    Random random(seed);
    std::vector<double> own, foreign;
    for (std::uint64_t i = 0; i < 1 + 3 * seed; ++i) {
      own.push_back(std::round(4 * random.normal()) / 4);
      foreign.push_back(std::round(4 * random.normal() + 3) / 4);
    }
    const ForeignScores scores = score_refusal(own, foreign);
    const auto answered = [](const std::vector<double>& list, double limit) {
      return static_cast<double>(std::count_if(list.begin(), list.end(), [&](double s) { return s <= limit; })) /
             static_cast<double>(list.size());
    };
    EXPECT_GE(answered(own, scores.limit), 0.95);
    EXPECT_LT(answered(own, scores.limit - 0.25), 0.95);
    EXPECT_NEAR(answered(foreign, scores.limit), scores.false_positive_rate_at_95, 1e-12);
  }
}

TEST(RiskCoverage, EqualConfidencesCountAsTheMeanOfAllTheirOrders) {
  const std::vector<double> confidence{0.9, 0.5, 0.5, 0.5, 0.5, 0.2};
  const std::vector<std::uint8_t> right{1, 0, 1, 1, 0, 0};
  std::vector<std::size_t> order{1, 2, 3, 4};
  double mean = 0;
  int orders = 0;
  do {
    std::vector<std::size_t> all{0};
    all.insert(all.end(), order.begin(), order.end());
    all.push_back(5);
    double wrong = 0, area = 0;
    for (std::size_t k = 0; k < 6; ++k) {
      wrong += 1 - right[all[k]];
      area += wrong / static_cast<double>(k + 1) / 6;
    }
    mean += area;
    ++orders;
  } while (std::next_permutation(order.begin(), order.end()));
  const RiskCoverage found = risk_coverage(confidence, right);
  EXPECT_NEAR(found.area, mean / orders, 1e-12);
  ASSERT_EQ(found.coverage.size(), 3U);
  EXPECT_DOUBLE_EQ(found.coverage[1], 5.0 / 6);
  EXPECT_DOUBLE_EQ(found.risk[1], 2.0 / 5);
  EXPECT_EQ(found.threshold[1], 0.5);
}

TEST(RiskCoverage, PerfectRanksHaveNoExcessAndConstantOnesTheErrorRate) {
  const std::vector<double> ranked{0.9, 0.8, 0.3, 0.1}, constant(4, 0.5);
  const std::vector<std::uint8_t> right{1, 1, 0, 0};
  EXPECT_NEAR(risk_coverage(ranked, right).excess_area, 0, 1e-12);
  EXPECT_NEAR(risk_coverage(constant, right).area, 0.5, 1e-12);
  EXPECT_EQ(risk_coverage(ranked, std::vector<std::uint8_t>(4, 1)).area, 0);
  EXPECT_EQ(risk_coverage(ranked, std::vector<std::uint8_t>(4, 0)).area, 1);
}

TEST(Refusal, RefusesWhatCannotBeJudged) {
  const std::vector<double> some{0.1, 0.2}, broken{0.1, NAN};
  EXPECT_THROW(score_refusal(some, {}), InputError);
  EXPECT_THROW(score_refusal({}, some), InputError);
  EXPECT_THROW(score_refusal(some, broken), InputError);
  EXPECT_THROW(risk_coverage({}, {}), InputError);
  EXPECT_THROW(risk_coverage(broken, std::vector<std::uint8_t>{1, 0}), InputError);
  EXPECT_THROW(risk_coverage(some, std::vector<std::uint8_t>{1}), InputError);
}

}  // namespace
}  // namespace naevus::metrics
