// Every score against scikit-learn: tests/golden/metrics.json, made by tests/golden/make_metrics.py.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "naevus/base/file.hpp"
#include "naevus/metrics/calibration.hpp"
#include "naevus/metrics/confusion.hpp"
#include "naevus/metrics/roc.hpp"

namespace naevus::metrics {
namespace {

using nlohmann::json;

constexpr double tolerance = 1e-9;

struct Case {
  json golden;
  std::size_t classes = 0;
  std::vector<int> truth, predicted;
  std::vector<double> probabilities, logits;
};

std::vector<Case> cases() {
  const json file = json::parse(read_text(NAEVUS_SOURCE_DIR "/tests/golden/metrics.json"));
  std::vector<Case> list;
  for (const json& golden : file.at("cases"))
    list.push_back({.golden = golden,
                    .classes = golden.at("classes"),
                    .truth = golden.at("truth"),
                    .predicted = golden.at("predicted"),
                    .probabilities = golden.at("probabilities"),
                    .logits = golden.at("logits")});
  return list;
}

void expect_equal(const std::optional<double>& ours, const json& theirs, const std::string& what) {
  ASSERT_EQ(ours.has_value(), !theirs.is_null()) << what;
  if (!ours) return;
  EXPECT_NEAR(*ours, theirs.get<double>(), tolerance) << what;
}

void expect_equal(const std::vector<double>& ours, const json& theirs, const std::string& what) {
  ASSERT_EQ(ours.size(), theirs.size()) << what;
  for (std::size_t i = 0; i < ours.size(); ++i) EXPECT_NEAR(ours[i], theirs[i].get<double>(), tolerance) << what << i;
}

void expect_equal(const Averages& ours, const json& theirs, const std::string& what) {
  EXPECT_NEAR(ours.precision, theirs.at("precision").get<double>(), tolerance) << what;
  EXPECT_NEAR(ours.recall, theirs.at("recall").get<double>(), tolerance) << what;
  EXPECT_NEAR(ours.f1, theirs.at("f1").get<double>(), tolerance) << what;
}

TEST(Golden, ConfusionMatrixAndItsScoresEqualScikitLearns) {
  for (const Case& item : cases()) {
    SCOPED_TRACE(item.golden.at("name"));
    EXPECT_EQ(most_likely(item.probabilities, item.classes), item.predicted);
    const ConfusionMatrix matrix = confusion_matrix(item.truth, item.predicted, item.classes);
    EXPECT_EQ(matrix.count, item.golden.at("confusion").get<std::vector<std::uint64_t>>());
    expect_equal(accuracy(matrix), item.golden.at("accuracy"), "accuracy");
    expect_equal(balanced_accuracy(matrix), item.golden.at("balanced_accuracy"), "balanced accuracy");

    const std::vector<ClassScores> scores = class_scores(matrix);
    for (std::size_t i = 0; i < item.classes; ++i) {
      EXPECT_NEAR(scores[i].precision, item.golden.at("precision")[i].get<double>(), tolerance);
      EXPECT_NEAR(scores[i].recall, item.golden.at("recall")[i].get<double>(), tolerance);
      EXPECT_NEAR(scores[i].specificity, item.golden.at("specificity")[i].get<double>(), tolerance);
      EXPECT_NEAR(scores[i].f1, item.golden.at("f1")[i].get<double>(), tolerance);
      EXPECT_EQ(scores[i].support, item.golden.at("support")[i].get<std::uint64_t>());
    }
    expect_equal(macro_average(scores), item.golden.at("macro"), "macro average");
    expect_equal(weighted_average(scores), item.golden.at("weighted"), "weighted average");
  }
}

TEST(Golden, CurvesAndAreasEqualScikitLearns) {
  for (const Case& item : cases()) {
    SCOPED_TRACE(item.golden.at("name"));
    const auto areas = one_against_rest_auc(item.probabilities, item.truth, item.classes);
    for (std::size_t i = 0; i < item.classes; ++i) expect_equal(areas[i], item.golden.at("auc")[i], "AUC");
    expect_equal(macro_auc(item.probabilities, item.truth, item.classes), item.golden.at("macro_auc"), "macro AUC");
    if (item.golden.at("roc").is_null()) continue;
    RocCurve curve = roc_curve(column(item.probabilities, item.classes, 0), is_class(item.truth, 0));
    expect_equal(curve.false_positive_rate, item.golden.at("roc").at("fpr"), "false positive rate");
    expect_equal(curve.true_positive_rate, item.golden.at("roc").at("tpr"), "true positive rate");
    curve.threshold.erase(curve.threshold.begin());  // infinite, as scikit-learn's; JSON can't hold it
    expect_equal(curve.threshold, item.golden.at("roc").at("threshold"), "threshold");
  }
}

TEST(Golden, CalibrationEqualsScikitLearnsAndScipys) {
  for (const Case& item : cases()) {
    SCOPED_TRACE(item.golden.at("name"));
    if (!item.golden.at("log_loss").is_null())
      expect_equal(log_loss(item.probabilities, item.truth, item.classes), item.golden.at("log_loss"), "log loss");
    expect_equal(brier_score(item.probabilities, item.truth, item.classes), item.golden.at("brier"), "Brier score");
    expect_equal(expected_calibration_error(item.probabilities, item.truth, item.classes), item.golden.at("ece"),
                 "ECE");
    if (item.golden.at("name") == "constant scores") continue;  // every temperature fits alike
    // scipy's bounded minimiser stops at about the square root of rounding.
    const double temperature = fit_temperature(item.logits, item.truth, item.classes);
    EXPECT_NEAR(temperature / item.golden.at("temperature").get<double>(), 1, 1e-5);
  }
}

}  // namespace
}  // namespace naevus::metrics
