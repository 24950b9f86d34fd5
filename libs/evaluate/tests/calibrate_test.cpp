#include "naevus/evaluate/calibrate.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "naevus/base/error.hpp"
#include "naevus/base/random.hpp"
#include "naevus/metrics/calibration.hpp"
#include "naevus/metrics/conformal.hpp"

namespace naevus::evaluate {
namespace {

/// Cases whose class is drawn with the probabilities softmax(weight * logit + bias): that is what is to be found.
Predictions drawn_cases(std::size_t count, const std::vector<double>& weight, const std::vector<double>& bias) {
  Predictions predictions;
  predictions.source = "m.onnx";
  predictions.classes = {"bkl", "mel", "nv"};
  predictions.malignant = {"mel"};
  Random random(1);
  for (std::size_t i = 0; i < count; ++i) {
    std::vector<double> own, told;
    for (std::size_t c = 0; c < 3; ++c) {
      told.push_back(2 * random.normal());
      own.push_back(weight[c] * told[c] + bias[c]);
    }
    const auto chance = metrics::softmax(own, 3);
    const double at = random.uniform();
    Case item;
    item.image = fmt::format("{}.jpg", i);
    item.truth = at < chance[0] ? 0 : at < chance[0] + chance[1] ? 1 : 2;
    item.label = predictions.classes[static_cast<std::size_t>(item.truth)];
    predictions.cases.push_back(std::move(item));
    predictions.logits.insert(predictions.logits.end(), told.begin(), told.end());
  }
  predictions.probabilities = metrics::softmax(predictions.logits, 3);
  return predictions;
}

const Fit& fit_of(const Calibration& calibration, const std::string& method) {
  for (const Compared& item : calibration.compared)
    if (item.method == method) return item.fit;
  throw Error("no such method");
}

TEST(Calibrate, FindsTheTemperatureThatTheCasesWereDrawnWith) {
  const Calibration found = calibrate(drawn_cases(4000, {0.5, 0.5, 0.5}, {0, 0, 0}));
  EXPECT_NEAR(found.temperature, 2, 0.15);
  EXPECT_FALSE(found.vector_scaling);
  EXPECT_LT(fit_of(found, "temperature").log_loss, fit_of(found, "none").log_loss);
  EXPECT_LT(found.after.calibration_error, found.before.calibration_error);
}

TEST(Calibrate, FindsTheWeightsThatTheCasesWereDrawnWith) {
  const std::vector<double> weight{0.5, 1, 1.5}, bias{0, 1, -1};
  const Calibration found = calibrate(drawn_cases(6000, weight, bias), {.method = "vector"});
  EXPECT_EQ(found.temperature, 1);
  ASSERT_TRUE(found.vector_scaling);
  for (std::size_t c = 0; c < 3; ++c) {
    EXPECT_NEAR(found.vector_scaling->weight[c], weight[c], 0.15);
    EXPECT_NEAR(found.vector_scaling->bias[c] - found.vector_scaling->bias[0], bias[c], 0.25);
  }
  EXPECT_LT(fit_of(found, "vector").log_loss, fit_of(found, "temperature").log_loss);
  EXPECT_LT(fit_of(found, "vector").log_loss, fit_of(found, "isotonic").log_loss);
}

TEST(Calibrate, ReachesWhatItsPointsAimAt) {
  const Calibration found =
      calibrate(drawn_cases(500, {1, 1, 1}, {0, 0, 0}),
                {.threshold = "cost", .sensitivity = 0.9, .specificity = 0.8, .cost = 9.0, .act_from = 0.1});
  ASSERT_EQ(found.points.size(), 5U);
  EXPECT_GE(found.points[1].sensitivity, 0.9);
  EXPECT_GE(found.points[2].specificity, 0.8);
  // To act from 10 % is to count a miss as nine false alarms (Vickers & Elkin 2006).
  EXPECT_EQ(found.points[3].threshold, found.points[4].threshold);
  EXPECT_EQ(found.malignant->rule, "cost");
  const auto youden = [](const model::DecisionPoint& point) { return point.sensitivity + point.specificity; };
  for (const model::DecisionPoint& point : found.points) EXPECT_LE(youden(point), youden(found.points[0]) + 1e-12);
}

TEST(Calibrate, PromisesSetsThatNewCasesKeep) {
  const Predictions cases = drawn_cases(3000, {1, 1, 1}, {0, 0, 0});
  for (const bool by_class : {false, true}) {
    const Calibration found = calibrate(cases, {.coverage = 0.8, .by_class = by_class});
    ASSERT_TRUE(found.sets);
    EXPECT_EQ(found.sets->limit.size(), 3U);
    const auto sets =
        metrics::prediction_sets(cases.probabilities, {metrics::SetScore::least_ambiguous, found.sets->limit});
    const auto worth = metrics::score_sets(sets, cases.truth(), 3);
    EXPECT_NEAR(static_cast<double>(worth.covered) / 3000, 0.8, 0.02);
  }
}

TEST(Calibrate, RefusesOptionsThatMakeNoSense) {
  const Predictions cases = drawn_cases(50, {1, 1, 1}, {0, 0, 0});
  EXPECT_THROW(calibrate(cases, {.method = "magic"}), UsageError);
  EXPECT_THROW(calibrate(cases, {.threshold = "taste"}), UsageError);
  EXPECT_THROW(calibrate(cases, {.threshold = "cost"}), UsageError);
  EXPECT_THROW(calibrate(cases, {.threshold = "net_benefit"}), UsageError);
  EXPECT_THROW(calibrate(cases, {.sensitivity = 1.5}), UsageError);
  EXPECT_THROW(calibrate(cases, {.specificity = 0}), UsageError);
  EXPECT_THROW(calibrate(cases, {.cost = -1.0}), UsageError);
  EXPECT_THROW(calibrate(cases, {.act_from = 1.0}), UsageError);
  EXPECT_THROW(calibrate(cases, {.coverage = 1}), UsageError);
}

TEST(Calibrate, OfOneKindOnlyHasNoThresholds) {
  Predictions cases = drawn_cases(50, {1, 1, 1}, {0, 0, 0});
  for (Case& item : cases.cases) item.truth = 2;
  const Calibration found = calibrate(cases);
  EXPECT_TRUE(found.points.empty());
  EXPECT_FALSE(found.malignant);
}

}  // namespace
}  // namespace naevus::evaluate
