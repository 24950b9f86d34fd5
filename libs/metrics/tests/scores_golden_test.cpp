// Scores against scikit-learn, the official scorers of the ISIC challenges and dcurves: tests/golden/scores.json, made
// by tests/golden/make_scores.py.
#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "naevus/base/file.hpp"
#include "naevus/metrics/confusion.hpp"
#include "naevus/metrics/decision.hpp"
#include "naevus/metrics/isic.hpp"
#include "naevus/metrics/partial_auc.hpp"
#include "naevus/metrics/precision_recall.hpp"
#include "naevus/metrics/top_k.hpp"

namespace naevus::metrics {
namespace {

using nlohmann::json;

constexpr double tolerance = 1e-9;

struct Case {
  json golden;
  std::size_t classes = 0;
  std::vector<int> truth;
  std::vector<double> probabilities;
};

std::vector<Case> cases() {
  const json file = json::parse(read_text(NAEVUS_SOURCE_DIR "/tests/golden/scores.json"));
  std::vector<Case> list;
  for (const json& golden : file.at("cases"))
    list.push_back({golden, golden.at("classes"), golden.at("truth"), golden.at("probabilities")});
  return list;
}

void expect_equal(const std::vector<double>& ours, const json& theirs, const std::string& what) {
  ASSERT_EQ(ours.size(), theirs.size()) << what;
  for (std::size_t i = 0; i < ours.size(); ++i) EXPECT_NEAR(ours[i], theirs[i].get<double>(), tolerance) << what << i;
}

TEST(ScoresGolden, MatthewsAndTopKEqualScikitLearns) {
  int top_ks = 0;
  for (const Case& item : cases()) {
    SCOPED_TRACE(item.golden.at("name"));
    const auto called = most_likely(item.probabilities, item.classes);
    EXPECT_NEAR(matthews_correlation(confusion_matrix(item.truth, called, item.classes)).value(),
                item.golden.at("matthews").get<double>(), tolerance);
    for (const auto& [k, value] : item.golden.at("top_k").items()) {
      ++top_ks;
      EXPECT_NEAR(top_k_accuracy(item.probabilities, item.truth, item.classes, std::stoul(k)).value(),
                  value.get<double>(), tolerance)
          << k;
    }
  }
  EXPECT_GT(top_ks, 15);
}

TEST(ScoresGolden, PrecisionRecallCurvesAndPartialAreasEqualScikitLearns) {
  int compared = 0;
  for (const Case& item : cases()) {
    SCOPED_TRACE(item.golden.at("name"));
    const json& golden = item.golden.at("two_classes");
    if (golden.is_null()) continue;
    ++compared;
    const auto score = column(item.probabilities, item.classes, 0);
    const auto positive = is_class(item.truth, 0);
    PrecisionRecallCurve curve = precision_recall_curve(score, positive);
    expect_equal(curve.precision, golden.at("precision"), "precision");
    expect_equal(curve.recall, golden.at("recall"), "recall");
    curve.threshold.erase(curve.threshold.begin());  // infinite; scikit-learn leaves it out
    expect_equal(curve.threshold, golden.at("threshold"), "threshold");
    EXPECT_NEAR(average_precision(score, positive).value(), golden.at("average_precision").get<double>(), tolerance);
    const RocCurve roc = roc_curve(score, positive);
    for (const auto& [high, value] : golden.at("partial").items())
      EXPECT_NEAR(standardised_partial_auc(roc, std::stod(high)), value.get<double>(), tolerance) << high;
    for (const auto& [low, value] : golden.at("partial_above").items())
      EXPECT_NEAR(partial_auc_above(roc, std::stod(low)), value.get<double>(), tolerance) << low;
  }
  EXPECT_GE(compared, 5);
}

TEST(ScoresGolden, DecisionCurvesEqualDcurves) {
  int compared = 0;
  for (const Case& item : cases()) {
    SCOPED_TRACE(item.golden.at("name"));
    if (item.golden.at("two_classes").is_null()) continue;
    for (const json& golden : item.golden.at("two_classes").at("decision")) {
      ++compared;
      std::optional<double> prevalence;
      if (!golden.at("prevalence").is_null()) prevalence = golden.at("prevalence").get<double>();
      const std::vector<double> threshold = golden.at("threshold");
      const DecisionCurve curve =
          decision_curve(column(item.probabilities, item.classes, 0), is_class(item.truth, 0), threshold, prevalence);
      expect_equal(curve.net_benefit, golden.at("model"), "net benefit");
      expect_equal(curve.treat_all, golden.at("all"), "treat all");
    }
  }
  EXPECT_GE(compared, 10);
}

TEST(ScoresGolden, TheIsicTableEqualsTheOfficialScorers) {
  int compared = 0;
  for (const Case& item : cases()) {
    SCOPED_TRACE(item.golden.at("name"));
    const json& golden = item.golden.at("isic");
    if (golden.is_null()) continue;
    ++compared;
    const IsicScores scores = isic_scores(item.probabilities, item.truth, item.classes);
    EXPECT_NEAR(scores.balanced_accuracy.value(), golden.at("balanced_accuracy").get<double>(), tolerance);
    const auto expect_same = [](const IsicClass& ours, const json& theirs) {
      EXPECT_NEAR(ours.accuracy, theirs.at("accuracy").get<double>(), tolerance);
      EXPECT_NEAR(ours.sensitivity, theirs.at("sensitivity").get<double>(), tolerance);
      EXPECT_NEAR(ours.specificity, theirs.at("specificity").get<double>(), tolerance);
      EXPECT_NEAR(ours.dice, theirs.at("dice").get<double>(), tolerance);
      EXPECT_NEAR(ours.ppv, theirs.at("ppv").get<double>(), tolerance);
      EXPECT_NEAR(ours.npv, theirs.at("npv").get<double>(), tolerance);
      EXPECT_NEAR(ours.auc.value(), theirs.at("auc").get<double>(), tolerance);
      EXPECT_NEAR(ours.auc_above_80.value(), theirs.at("auc_sens_80").get<double>(), tolerance);
      EXPECT_NEAR(ours.average_precision.value(), theirs.at("ap").get<double>(), tolerance);
    };
    for (std::size_t c = 0; c < item.classes; ++c) expect_same(scores.classes[c], golden.at("per_class")[c]);
    expect_same(scores.mean, golden.at("mean"));
  }
  EXPECT_GE(compared, 5);
}

}  // namespace
}  // namespace naevus::metrics
