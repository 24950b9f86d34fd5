#include "naevus/evaluate/scores.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "naevus/base/random.hpp"
#include "naevus/evaluate/output.hpp"

namespace naevus::evaluate {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Three classes, of which mel is malignant; every tenth answer is wrong at least.
Predictions some_cases(std::size_t count, std::uint64_t seed) {
  Predictions predictions;
  predictions.source = "p.csv";
  predictions.part = "test";
  predictions.classes = {"bkl", "mel", "nv"};
  predictions.malignant = {"mel"};
  predictions.malignant_threshold = 0.3;
  Random random(seed);
  for (std::size_t i = 0; i < count; ++i) {
    Case item;
    item.image = fmt::format("{}.jpg", i);
    item.truth = static_cast<int>(random.below(3));
    item.label = predictions.classes[static_cast<std::size_t>(item.truth)];
    item.sex = i % 2 == 0 ? "female" : "male";
    item.age = fmt::format("{}", 20 + i % 60);
    double logit[3], sum = 0;
    for (int c = 0; c < 3; ++c) sum += logit[c] = std::exp(random.normal() + (c == item.truth ? 1.5 : 0));
    for (const double value : logit) predictions.probabilities.push_back(value / sum);
    for (const double value : logit) predictions.logits.push_back(std::log(value));
    predictions.ood_score.push_back(random.normal());
    predictions.cases.push_back(std::move(item));
  }
  return predictions;
}

const metrics::BootstrapOptions quick{.resamples = 200};

TEST(Score, GivesIndependentProportionsWilsonsIntervalAndAreasDeLongs) {
  // Newcombe (1998), table I: 81 of 263 are 0.2553 to 0.3662 by Wilson's method.
  Predictions predictions;
  predictions.classes = {"a", "b"};
  for (int i = 0; i < 263; ++i) {
    Case item;
    item.image = fmt::format("{}", i);
    item.label = "a";
    predictions.cases.push_back(item);
    predictions.probabilities.insert(predictions.probabilities.end(), {i < 81 ? 0.9 : 0.1, i < 81 ? 0.1 : 0.9});
  }
  const Evaluation result = score(predictions, {.bootstrap = quick, .positive = {}});
  EXPECT_EQ(result.accuracy.method, Method::wilson);
  EXPECT_NEAR(result.accuracy.interval->low, 0.2553, 5e-5);
  EXPECT_NEAR(result.accuracy.interval->high, 0.3662, 5e-5);
  const Evaluation other = score(some_cases(100, 1), {.bootstrap = quick, .positive = {}});
  EXPECT_EQ(other.malignancy->auc.method, Method::delong);
  EXPECT_EQ(other.classes[0].recall.method, Method::wilson);
  EXPECT_EQ(other.balanced_accuracy.method, Method::bootstrap);
}

TEST(Score, TakesWholePatientsWhereOneHasSeveralPictures) {
  Predictions predictions = some_cases(200, 2);
  const Evaluation alone = score(predictions, {.bootstrap = quick, .positive = {}});
  // Every picture twice: the scores stay, and with the patients known the intervals do too.
  Predictions twice = predictions;
  for (std::size_t i = 0; i < 200; ++i) twice.cases[i].patient_id = fmt::format("P{}", i);
  const std::vector<Case> once = twice.cases;
  twice.cases.insert(twice.cases.end(), once.begin(), once.end());
  twice.probabilities.insert(twice.probabilities.end(), predictions.probabilities.begin(),
                             predictions.probabilities.end());
  twice.ood_score.insert(twice.ood_score.end(), predictions.ood_score.begin(), predictions.ood_score.end());
  const Evaluation paired = score(twice, {.bootstrap = quick, .positive = {}});
  EXPECT_EQ(paired.resampled, "patients");
  EXPECT_EQ(paired.units, 200U);
  EXPECT_EQ(paired.malignancy->auc.method, Method::obuchowski);
  EXPECT_EQ(paired.accuracy.method, Method::bootstrap);
  EXPECT_DOUBLE_EQ(*paired.accuracy.value, *alone.accuracy.value);
  EXPECT_NEAR(*paired.malignancy->auc.value, *alone.malignancy->auc.value, 1e-12);
  EXPECT_NEAR(paired.malignancy->auc.interval->low, alone.malignancy->auc.interval->low, 1e-9);
  EXPECT_NEAR(paired.balanced_accuracy.interval->low, alone.balanced_accuracy.interval->low, 1e-9);
}

TEST(Score, SaysTheSameInResamplesAsTheMetricsDo) {
  const Evaluation result = score(some_cases(300, 3), {.bootstrap = quick, .positive = {}});
  EXPECT_NEAR(*result.log_loss_estimate.value, result.log_loss, 1e-12);
  EXPECT_NEAR(*result.brier_estimate.value, result.brier_score, 1e-12);
  const Reliability& reliability = result.reliability;
  EXPECT_NEAR(*reliability.equal_width.error.value, result.calibration_error, 1e-12);
  EXPECT_NEAR(reliability.equal_width.perfect.error, result.calibration_error, 1e-12);
  EXPECT_NEAR(*reliability.equal_mass.error.value, reliability.equal_mass.perfect.error, 1e-12);
  for (const auto* bins : {&reliability.equal_width, &reliability.equal_mass}) {
    const auto& errors = bins->class_error;
    EXPECT_NEAR(*bins->classwise.value, (*errors[0].value + *errors[1].value + *errors[2].value) / 3, 1e-12);
  }
  for (const Answering& answering : result.refusal.answering)
    EXPECT_NEAR(*answering.area.value, answering.curve.area, 1e-12) << answering.by;
  EXPECT_EQ(result.refusal.answering.size(), 2U);
}

/// Every object with a value and the place for an interval must have one.
void expect_intervals(const nlohmann::json& at, const std::string& place) {
  if (at.is_object() && at.contains("value") && at.contains("low") && !at.at("value").is_null()) {
    EXPECT_FALSE(at.at("low").is_null() || at.at("high").is_null()) << place << " " << at;
  }
  if (!at.is_structured()) return;
  for (const auto& [key, value] : at.items())
    if (key != "decision_curve") expect_intervals(value, place + "/" + key);  // from 99 % on nobody is called: 0
}

TEST(Score, GivesEveryFigureAnInterval) {
  Predictions predictions = some_cases(150, 6);
  expect_intervals(nlohmann::json::parse(to_json(score(predictions, {.bootstrap = quick, .positive = {}}))), "");
  // All in order, and one picture of a class alone: DeLong's variance says nothing of either.
  for (std::size_t i = 0; i < predictions.cases.size(); ++i) {
    Case& item = predictions.cases[i];
    item.truth = i == 0 ? 0 : 1 + static_cast<int>(i % 2);
    item.label = predictions.classes[static_cast<std::size_t>(item.truth)];
    for (int c = 0; c < 3; ++c)
      predictions.probabilities[3 * i + static_cast<std::size_t>(c)] = c == item.truth ? 0.8 : 0.1;
  }
  const Evaluation perfect = score(predictions, {.bootstrap = quick, .positive = {}});
  for (const ClassResult& item : perfect.classes) {
    EXPECT_EQ(item.auc.method, Method::newcombe) << item.name;
    ASSERT_TRUE(item.auc.interval) << item.name;
    EXPECT_EQ(item.auc.interval->high, 1);
    EXPECT_LT(item.auc.interval->low, 1);
  }
  EXPECT_LT(perfect.classes[0].auc.interval->low, perfect.classes[1].auc.interval->low);
}

TEST(Score, AnswersEqualConfidencesTogether) {
  Predictions predictions = some_cases(20, 4);
  for (std::size_t i = 0; i < predictions.cases.size(); ++i) {
    const double row[] = {0.1, 0.1, 0.8};
    std::copy(std::begin(row), std::end(row), predictions.probabilities.begin() + static_cast<std::ptrdiff_t>(3 * i));
  }
  const Evaluation result = score(predictions, {.bootstrap = quick, .positive = {}});
  const Answering& answering = result.refusal.answering[0];
  EXPECT_THAT(answering.coverage, ElementsAre(1, 1, 1, 1, 1, 1));
  EXPECT_NEAR(*answering.area.value, answering.curve.area, 1e-12);
}

TEST(Score, CountsWhatTheThresholdsDo) {
  Predictions predictions = some_cases(250, 5);
  predictions.decision_points = {{"sensitivity", 0.95, 0.2, 0.96, 0.5}, {"cost", 0.1, std::nullopt, 0, 1}};
  const Evaluation result = score(predictions, {.bootstrap = quick, .positive = {}});
  const auto& at = result.decisions->at;
  ASSERT_EQ(at.size(), 3U);
  EXPECT_EQ(at[0].rule, "model");
  for (const Decision& decision : at) {
    const auto tp = static_cast<double>(decision.true_positives), fn = static_cast<double>(decision.false_negatives);
    const auto tn = static_cast<double>(decision.true_negatives), fp = static_cast<double>(decision.false_positives);
    EXPECT_EQ(tp + fn + tn + fp, 250);
    EXPECT_DOUBLE_EQ(*decision.sensitivity.value, tp / (tp + fn));
    EXPECT_DOUBLE_EQ(*decision.specificity.value, tn / (tn + fp));
    EXPECT_DOUBLE_EQ(*decision.sent_home.value, (tn + fn) / 250);
  }
  EXPECT_GE(*at[1].sensitivity.value, *at[0].sensitivity.value);
  EXPECT_EQ(at[2].true_positives + at[2].false_positives, 0U);
  EXPECT_FALSE(at[2].positive_predictive_value.value);
  for (const Decision& triage : result.decisions->triage) {
    EXPECT_GE(*triage.sensitivity.value, triage.aim);
    const auto positives = static_cast<double>(triage.true_positives + triage.false_negatives);
    EXPECT_DOUBLE_EQ(*triage.sensitivity.value, static_cast<double>(triage.true_positives) / positives);
    EXPECT_DOUBLE_EQ(*triage.sent_home.value,
                     static_cast<double>(triage.true_negatives + triage.false_negatives) / 250);
    EXPECT_LE(triage.sent_home.interval->low, *triage.sent_home.value);
    EXPECT_GE(triage.sent_home.interval->high, *triage.sent_home.value);
  }
}

TEST(Score, FindsTheGroupThatTheModelFails) {
  Predictions predictions = some_cases(400, 6);
  for (std::size_t i = 1; i < predictions.cases.size(); i += 2) {  // the men's answers are turned around
    double* const row = predictions.probabilities.data() + 3 * i;
    std::swap(*std::max_element(row, row + 3), *std::min_element(row, row + 3));
  }
  predictions.cases[0].sex = "unknown";
  const Evaluation result = score(predictions, {.bootstrap = quick, .positive = {}});
  ASSERT_EQ(result.subgroups.size(), 2U);
  const Subgroups& sex = result.subgroups[1];
  EXPECT_EQ(sex.by, "sex");
  EXPECT_EQ(sex.unknown, 1U);
  ASSERT_EQ(sex.groups.size(), 2U);
  EXPECT_EQ(sex.groups[0].pictures + sex.groups[1].pictures, 399U);
  const auto gap = std::find_if(sex.gaps.begin(), sex.gaps.end(),
                                [](const Gap& item) { return item.score == GroupScore::accuracy; });
  ASSERT_NE(gap, sex.gaps.end());
  EXPECT_EQ(sex.groups[gap->best].name, "female");
  EXPECT_GT(gap->difference.interval->low, 0.2);
  EXPECT_DOUBLE_EQ(*gap->difference.value, *sex.groups[0].score[0].value - *sex.groups[1].score[0].value);
  EXPECT_THAT(to_text(result), HasSubstr("by sex"));
}

TEST(Score, MeasuresWhatPredictionSetsHold) {
  Predictions predictions = some_cases(200, 7);
  predictions.prediction_sets = {0.9, "least_ambiguous", false, {1, 1, 1}};
  const Evaluation all = score(predictions, {.bootstrap = quick, .positive = {}});
  EXPECT_EQ(all.sets->coverage.value, 1.0);
  EXPECT_EQ(all.sets->mean_size.value, 3.0);
  predictions.prediction_sets->limit = {0, 0, 0};
  const Evaluation none = score(predictions, {.bootstrap = quick, .positive = {}});
  EXPECT_EQ(none.sets->coverage.value, 0.0);
  EXPECT_EQ(none.sets->empty.value, 1.0);
  EXPECT_THAT(to_html(all), HasSubstr("Prediction sets"));
}

TEST(Score, OfOneCaseAndOfPerfectAnswersStaysSound) {
  for (const std::size_t count : {1U, 2U, 30U}) {
    Predictions predictions = some_cases(count, 8);
    for (std::size_t i = 0; i < count; ++i)
      for (int c = 0; c < 3; ++c)
        predictions.probabilities[3 * i + static_cast<std::size_t>(c)] = c == predictions.cases[i].truth ? 1 : 0;
    const Evaluation result = score(predictions, {.bootstrap = quick, .positive = {}});
    EXPECT_EQ(result.accuracy.value, 1.0);
    EXPECT_LT(result.accuracy.interval->low, 1);
    EXPECT_NO_THROW(to_text(result));
    EXPECT_NO_THROW(to_html(result));
    const auto json = nlohmann::json::parse(to_json(result));
    EXPECT_EQ(json["reliability"]["equal_width"]["bins"].size(), 15U);
  }
}

TEST(Score, WarnsOfClassesWithTooFewCases) {
  const Evaluation result = score(some_cases(60, 9), {.bootstrap = quick, .positive = {}});
  EXPECT_THAT(result.small, ElementsAre(HasSubstr("too few pictures")));
  EXPECT_TRUE(score(some_cases(1500, 9), {.bootstrap = quick, .positive = {}}).small.empty());
}

TEST(Check, NamesClassesWithoutACase) {
  Predictions predictions = some_cases(60, 10);
  predictions.classes[0] = "df";
  for (Case& item : predictions.cases) item.truth = std::max(item.truth, 1);
  const Evaluation result = score(predictions, {.bootstrap = quick, .positive = {}});
  EXPECT_THAT(failed(result.predictions.checks), ElementsAre("classes"));
  EXPECT_THAT(to_text(result), ::testing::StartsWith("found       classes without a case: 1 of 3"));
}

}  // namespace
}  // namespace naevus::evaluate
