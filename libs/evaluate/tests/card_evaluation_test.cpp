#include "naevus/evaluate/card_evaluation.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "naevus/base/file.hpp"
#include "naevus/base/hash.hpp"
#include "naevus/evaluate/calibrate.hpp"
#include "naevus/evaluate/model_card.hpp"

namespace naevus::evaluate {
namespace {

using ::testing::AllOf;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

model::Card card_of(const Predictions& predictions) {
  model::Card card;
  card.architecture = "resnet18";
  card.classes = predictions.classes;
  card.malignant = predictions.malignant;
  card.malignant_threshold = predictions.malignant_threshold;
  card.std = {1, 1, 1};
  return card;
}

/// Worked out by hand: nv 9 of 10 right, mel 3 of 4, bkl 1 of 2, df without a case.
class CardEvaluation : public ::testing::Test {
 protected:
  CardEvaluation() {
    write_file(folder_ / "m.csv", std::string("image,label\n"));
    predictions_.source = "model.onnx";
    predictions_.manifest = (folder_ / "m.csv").string();
    predictions_.part = "test";
    predictions_.classes = {"bkl", "df", "mel", "nv"};
    predictions_.malignant = {"mel"};
    predictions_.malignant_threshold = 0.5;
    predictions_.failures = {{"broken.jpg", "is no picture", "m.csv:17"}};
    predictions_.checks = {{.id = "copies", .verdict = Verdict::failed, .text = "2 of 16 are training pictures"}};
    predictions_.warnings = {"a warning"};
    for (int i = 0; i < 9; ++i) add(3, 3);
    add(3, 2);
    for (int i = 0; i < 3; ++i) add(2, 2);
    add(2, 3);
    add(0, 0);
    add(0, 3);
  }

  /// A picture that is called that with 0.85.
  void add(int truth, int called) {
    Case item;
    item.image = fmt::format("{}.jpg", predictions_.cases.size());
    item.truth = truth;
    item.label = predictions_.classes[static_cast<std::size_t>(truth)];
    predictions_.cases.push_back(item);
    for (int c = 0; c < 4; ++c) predictions_.probabilities.push_back(c == called ? 0.85 : 0.05);
  }

  model::Card evaluated() const {
    model::Card card = card_of(predictions_);
    set_evaluation(score(predictions_, {.bootstrap = {.resamples = 200}}), card);
    return card;
  }

  TemporaryFolder folder_;
  Predictions predictions_;
};

model::EvaluatedFigure figure(const model::Evaluation& evaluation, const std::string& name,
                              const std::string& of_class = {}) {
  const auto found = std::ranges::find_if(
      evaluation.figures, [&](const auto& one) { return one.name == name && one.of_class == of_class; });
  return found == evaluation.figures.end() ? model::EvaluatedFigure{} : *found;
}

TEST_F(CardEvaluation, SaysWhatItIsOfAndWhatWasFound) {
  const auto evaluation = evaluated().evaluation.value_or(model::Evaluation{});
  EXPECT_EQ(evaluation.of, "16 pictures of m.csv, part test, manifest " + hash_hex(read_file(folder_ / "m.csv")));
  EXPECT_EQ(evaluation.cases, 16U);
  EXPECT_EQ(evaluation.failed, 1U);
  EXPECT_THAT(evaluation.intervals, HasSubstr("95 % intervals"));
  EXPECT_THAT(evaluation.warnings, ::testing::ElementsAre("a warning"));
  EXPECT_THAT(
      evaluation.checks,
      ::testing::ElementsAre(
          AllOf(Field(&model::EvaluatedCheck::check, "copies"), Field(&model::EvaluatedCheck::verdict, "failed"),
                Field(&model::EvaluatedCheck::text, "2 of 16 are training pictures")),
          AllOf(Field(&model::EvaluatedCheck::check, "classes"), Field(&model::EvaluatedCheck::verdict, "failed"),
                Field(&model::EvaluatedCheck::text, HasSubstr("1 of 4 classes")))));
}

TEST_F(CardEvaluation, HoldsEachScoreWithItsIntervalAndCases) {
  const auto evaluation = evaluated().evaluation.value_or(model::Evaluation{});
  EXPECT_NEAR(figure(evaluation, "balanced_accuracy").value, (0.9 + 0.75 + 0.5) / 3, 1e-12);
  EXPECT_EQ(figure(evaluation, "accuracy").value, 13.0 / 16);
  EXPECT_EQ(figure(evaluation, "malignant_sensitivity").value, 0.75);
  EXPECT_EQ(figure(evaluation, "malignant_sensitivity").cases, 4U);
  EXPECT_EQ(figure(evaluation, "malignant_specificity").value, 11.0 / 12);
  EXPECT_EQ(figure(evaluation, "malignant_specificity").cases, 12U);
  const auto nevi = figure(evaluation, "sensitivity", "nv");
  EXPECT_EQ(nevi.value, 0.9);
  EXPECT_EQ(nevi.cases, 10U);
  EXPECT_NEAR(nevi.low.value_or(-1), 0.5958, 5e-5);  // 9 of 10 by Wilson
  EXPECT_NEAR(nevi.high.value_or(-1), 0.9821, 5e-5);
  EXPECT_EQ(figure(evaluation, "sensitivity", "df").cases, 0U);  // it has none, and so there is no such figure
  EXPECT_EQ(figure(evaluation, "auc", "df").cases, 0U);
  EXPECT_EQ(figure(evaluation, "specificity", "df").cases, 16U);
}

TEST_F(CardEvaluation, DrawsTheReportsDiagramAndMatrix) {
  const auto evaluation = evaluated().evaluation.value_or(model::Evaluation{});
  ASSERT_EQ(evaluation.reliability.size(), 1U);
  EXPECT_NEAR(evaluation.reliability[0].predicted, 0.85, 1e-12);
  EXPECT_EQ(evaluation.reliability[0].observed, 13.0 / 16);
  EXPECT_EQ(evaluation.reliability[0].cases, 16U);
  ASSERT_EQ(evaluation.malignant_reliability.size(), 2U);
  EXPECT_NEAR(evaluation.malignant_reliability[0].predicted, 0.05, 1e-12);
  EXPECT_EQ(evaluation.malignant_reliability[0].observed, 1.0 / 12);
  EXPECT_EQ(evaluation.malignant_reliability[1].observed, 3.0 / 4);
  const std::vector<std::vector<std::uint64_t>> matrix{{1, 0, 0, 1}, {0, 0, 0, 0}, {0, 0, 3, 1}, {0, 0, 1, 9}};
  EXPECT_EQ(evaluation.confusion, matrix);
}

TEST_F(CardEvaluation, IsTakenBackByTheCard) {
  const model::Card card = evaluated();
  EXPECT_EQ(model::to_json(model::card_from_json(model::to_json(card))), model::to_json(card));
}

TEST_F(CardEvaluation, GoesWhenTheModelIsCalibratedAnew) {
  model::Card card = evaluated();
  apply({}, predictions_, card);
  EXPECT_FALSE(card.evaluation);
}

TEST_F(CardEvaluation, IsToldByTheCardForPeople) {
  const std::string text = card_markdown(evaluated(), {});
  EXPECT_THAT(text, HasSubstr("**pictures**: 16 pictures of m.csv, part test, manifest "));
  EXPECT_THAT(text, HasSubstr("**not scored**: 1"));
  EXPECT_THAT(text, HasSubstr("Warning: 2 of 16 are training pictures"));
  EXPECT_THAT(text, HasSubstr("Warning: a warning"));
  EXPECT_THAT(text, HasSubstr("| balanced accuracy | 0.717 | \\["));
  EXPECT_THAT(text, HasSubstr("| sensitivity at the model's threshold | 0.750 | \\["));
  EXPECT_THAT(text, HasSubstr("| nv | 10 | 0.900 \\[0.596, 0.982\\] | "));
  EXPECT_THAT(text, HasSubstr("| df | 0 | – | 1.000 "));
  EXPECT_THAT(text, Not(HasSubstr("No evaluation")));
}

TEST_F(CardEvaluation, OfAnotherFileGoesBeforeThatOfTheCard) {
  MeasuredScores other;
  other.model = "other.onnx";
  const std::string text = card_markdown(evaluated(), other);
  EXPECT_THAT(text, HasSubstr("other.onnx"));
  EXPECT_THAT(text, Not(HasSubstr("m.csv")));
}

}  // namespace
}  // namespace naevus::evaluate
