#include "naevus/evaluate/model_card.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"

namespace naevus::evaluate {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

model::Card example() {
  model::Card card;
  card.name = "example";
  card.architecture = "resnet18";
  card.classes = {"mel", "nv"};
  card.malignant = {"mel"};
  card.data = "720 rendered lesions";
  card.licence = "CC0";
  card.preparation = {{"denoise", "median"}};
  card.temperature = 1.25;
  card.malignant_threshold = 0.3125;
  card.malignant_threshold_rule = "Youden's";
  card.metrics = {{"validation.macro_auc", 0.8125}};
  card.seen = {{std::string(32, 'a'), std::string(16, 'b'), "train"}};
  return card;
}

MeasuredScores measured(const std::string& json, const model::Card& card) {
  const TemporaryFolder folder;
  write_file(folder / "e.json", json);
  return read_evaluation(folder / "e.json", card);
}

const std::string evaluation = R"({
  "balanced_accuracy": {"value": 0.75, "low": 0.5, "high": 0.875}, "macro_auc": {"value": null, "low": null, "high": null},
  "source": "model.onnx", "manifest": "m.csv", "part": "test", "images": 12, "failed": 1, "classes": ["mel", "nv"],
  "interval": {"level": 0.95, "method": "percentile bootstrap", "resamples": 2000, "resampled": "lesions", "units": 9},
  "per_class": {"mel": {"recall": 0.625, "specificity": 0, "auc": 0.9375, "support": 12, "zero_by_definition": ["specificity"],
                        "intervals": {"recall": {"low": 0.25, "high": 0.875}, "specificity": null, "auc": null}}},
  "log_loss": 0.5, "intervals": {"log_loss": {"value": 0.5, "low": 0.25, "high": 0.75, "method": "bootstrap"}},
  "checks": [{"check": "copies", "verdict": "failed", "text": "3 copies"}, {"check": "lesions", "verdict": "passed", "text": "none"}],
  "warnings": ["2 pictures were seen in training"]})";

TEST(ModelCard, HoldsWhatTheFileHolds) {
  for (const std::string& text : {card_markdown(example(), {}), card_html(example(), {})})
    for (const char* part : {"example", "resnet18", "720 rendered lesions", "CC0", "denoise", "median", "1.25",
                             "0.3125", "0.812", "not a diagnosis", "no limit"})
      EXPECT_THAT(text, HasSubstr(part));
}

TEST(ModelCard, InventsNothingWhereTheFileSaysNothing) {
  model::Card bare;
  bare.architecture = "adopted";
  bare.classes = {"a", "b"};
  bare.adopted_from = "theirs.onnx";
  const std::string text = card_markdown(bare, {});
  EXPECT_THAT(text, HasSubstr("**data**: not recorded in the model file"));
  EXPECT_THAT(text, HasSubstr("**licence**: not recorded in the model file"));
  EXPECT_THAT(text, HasSubstr("None stands in the model file."));
  EXPECT_THAT(text, HasSubstr("No evaluation stands in the model file"));
  EXPECT_THAT(text, HasSubstr("**malignant threshold**: none"));
  EXPECT_THAT(text, Not(HasSubstr("0.")));  // no number that looks like a score
}

TEST(ModelCard, TellsTheTestFiguresWithTheirIntervalsAndWarnings) {
  const std::string text = card_markdown(example(), measured(evaluation, example()));
  EXPECT_THAT(text, HasSubstr("| balanced accuracy | 0.750 | \\[0.500, 0.875\\] |"));
  EXPECT_THAT(text, HasSubstr("| log loss | 0.500 | \\[0.250, 0.750\\] (bootstrap) |"));
  EXPECT_THAT(text, HasSubstr("Warning: 3 copies"));
  EXPECT_THAT(text, Not(HasSubstr("Warning: none")));
  EXPECT_THAT(text, HasSubstr("| mel | 12 | 0.625 \\[0.250, 0.875\\] | – | 0.938 |"));
  EXPECT_THAT(text, HasSubstr("95 %, percentile bootstrap, 2,000 resamples of 9 lesions"));
  EXPECT_THAT(text, HasSubstr("Warning: 2 pictures were seen in training"));
  EXPECT_THAT(text, Not(HasSubstr("macro AUC")));  // it has no value
}

TEST(ModelCard, RefusesWhatIsNoEvaluationOfThisModel) {
  EXPECT_THROW(measured("{}", example()), InputError);
  EXPECT_THROW(measured("no JSON", example()), InputError);
  model::Card other = example();
  other.classes = {"bkl", "nv"};
  EXPECT_THROW(measured(evaluation, other), InputError);
}

TEST(ModelCard, ShowsTextsOfTheFileAsTextAndNotAsMarks) {
  model::Card card = example();
  card.data = "a | b\n# c <script>alert(1)</script> [x](y)";
  const std::string markdown = card_markdown(card, {}), html = card_html(card, {});
  EXPECT_THAT(markdown, HasSubstr("a \\| b \\# c \\<script\\>alert(1)\\</script\\> \\[x\\](y)"));
  EXPECT_THAT(html, Not(HasSubstr("<script")));
}

}  // namespace
}  // namespace naevus::evaluate
