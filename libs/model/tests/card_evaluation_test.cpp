#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <span>

#include "example.hpp"
#include "naevus/base/error.hpp"

namespace naevus::model {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

/// Twenty pictures, of which 15 are called right.
Evaluation twenty_pictures() {
  return {.of = "20 pictures of größe.csv, part test, manifest 0123",
          .cases = 20,
          .failed = 2,
          .intervals = "95 % intervals, proportions by Wilson",
          .checks = {{"copies", "failed", "1 of 20 is a training picture"}, {"lesions", "unknown", "no lesions named"}},
          .warnings = {"the manifest has no split"},
          .figures = {{"balanced_accuracy", "", 0.75, 0.5, 0.875, 20},
                      {"sensitivity", "mel", 0.625, std::nullopt, std::nullopt, 8}},
          .reliability = {{0.25, 0.5, 0.1, 0.9, 4}, {0.75, 0.8125, 0.6, 0.95, 16}},
          .malignant_reliability = {{0.5, 0.6, 0.4, 0.8, 20}},
          .confusion = {{5, 1, 0}, {2, 5, 1}, {0, 1, 5}}};
}

json evaluated_card() {
  Card card = testing::example().card;
  card.evaluation = twenty_pictures();
  return json::parse(to_json(card));
}

/// What is said of a card whose evaluation is changed at that place; empty where it is taken.
std::string problem_with(const char* place, const json& value) {
  json card = evaluated_card();
  card["evaluation"][json::json_pointer(place)] = value;
  try {
    card_from_json(card.dump());
  } catch (const InputError& error) {
    return error.what();
  }
  return {};
}

TEST(CardEvaluation, ComesBackFromItsJson) {
  const json written = evaluated_card();
  const Card back = card_from_json(written.dump());
  EXPECT_EQ(json::parse(to_json(back)), written);
  const Evaluation evaluation = back.evaluation.value_or(Evaluation{});
  EXPECT_EQ(evaluation.of, twenty_pictures().of);
  EXPECT_EQ(evaluation.checks[0].verdict, "failed");
  EXPECT_EQ(evaluation.figures[0].high, 0.875);
  EXPECT_EQ(evaluation.figures[1].of_class, "mel");
  EXPECT_FALSE(evaluation.figures[1].low);
  EXPECT_EQ(evaluation.reliability[1].cases, 16U);
  EXPECT_EQ(evaluation.confusion, twenty_pictures().confusion);
}

TEST(CardEvaluation, StandsInItsJsonAsAPageReadsIt) {
  const json evaluation = evaluated_card()["evaluation"];
  EXPECT_EQ(evaluation["figures"][0],
            json::parse(R"({"name": "balanced_accuracy", "value": 0.75, "low": 0.5, "high": 0.875, "cases": 20})"));
  EXPECT_EQ(
      evaluation["figures"][1],
      json::parse(R"({"name": "sensitivity", "class": "mel", "value": 0.625, "low": null, "high": null, "cases": 8})"));
  EXPECT_EQ(evaluation["reliability"][0],
            json::parse(R"({"predicted": 0.25, "observed": 0.5, "low": 0.1, "high": 0.9, "cases": 4})"));
  EXPECT_EQ(evaluation["confusion"], json::parse("[[5, 1, 0], [2, 5, 1], [0, 1, 5]]"));
}

TEST(CardEvaluation, IsNotInACardWithoutOneAsOlderProgramsWantIt) {
  EXPECT_FALSE(json::parse(to_json(testing::example().card)).contains("evaluation"));
}

TEST(CardEvaluation, LeavesTheRestOfTheFileAsItWas) {
  const testing::Folder folder;
  Model model = testing::example();
  const auto path = folder.write("m.onnx", to_onnx(model));
  model.card.evaluation = twenty_pictures();
  EXPECT_EQ(with_card(path, model.card), to_onnx(model));
}

TEST(CardEvaluation, ThatIsDamagedIsNamedWithItsFile) {
  const testing::Folder folder;
  Model model = testing::example();
  model.card.evaluation = twenty_pictures();
  auto bytes = to_onnx(model);
  const std::string sound = R"("failed":2)", damaged = R"("failed":x)";
  const auto at = std::ranges::search(bytes, std::as_bytes(std::span(sound)));
  ASSERT_FALSE(at.empty());
  std::ranges::copy(std::as_bytes(std::span(damaged)), at.begin());
  const auto path = folder.write("damaged.onnx", bytes);
  try {
    read_card(path);
    FAIL() << "it was taken";
  } catch (const InputError& error) {
    EXPECT_EQ(error.where(), path.string());
  }
}

TEST(CardEvaluation, OutOfRangeOrOfAnotherShapeIsRefused) {
  EXPECT_EQ(problem_with("/failed", 3), "");
  const auto refused = [](const char* place, const json& value, const char* said = "'evaluation'") {
    EXPECT_THAT(problem_with(place, value), HasSubstr(said)) << place << " " << value;
  };
  refused("/of", 3, "'of'");
  refused("/cases", 0);
  refused("/cases", 21, "'reliability'");
  refused("/cases", -20, "'cases'");
  refused("/failed", 0.5, "'failed'");
  refused("/intervals", nullptr, "'intervals'");
  refused("/checks", 3, "'checks'");
  refused("/checks/0", "copies");
  refused("/checks/0/verdict", "perhaps", "'perhaps'");
  refused("/checks/0/text", nullptr, "'text'");
  refused("/warnings/0", 1);
  refused("/figures/0", 0.75);
  refused("/figures/0/name", "");
  refused("/figures/0/value", 1.5, "'value'");
  refused("/figures/0/value", nullptr, "'value'");
  refused("/figures/0/low", 0.9, "'balanced_accuracy'");
  refused("/figures/0/low", nullptr, "'balanced_accuracy'");
  refused("/figures/0/low", -0.1, "'low'");
  refused("/figures/0/cases", 21, "'balanced_accuracy'");
  refused("/figures/0/cases", 0, "'balanced_accuracy'");
  refused("/figures/1/class", "scc", "'sensitivity of scc'");
  refused("/figures/1", {{"name", "balanced_accuracy"}, {"value", 1}, {"low", 1}, {"high", 1}, {"cases", 1}}, "twice");
  refused("/reliability/0/observed", 1.01, "'observed'");
  refused("/reliability/0/low", 0.95, "'reliability'");
  refused("/reliability/0/cases", 5, "'reliability'");
  refused("/reliability/0/cases", 0, "'reliability'");
  refused("/reliability/0/predicted", 0.9, "'reliability'");
  refused("/malignant_reliability/0/cases", 19, "'malignant_reliability'");
  refused("/malignant_reliability", nullptr, "'malignant_reliability'");
  refused("/confusion", json::array(), "'confusion'");
  refused("/confusion/0", {5, 1}, "'confusion'");
  refused("/confusion/0", 6, "'confusion'");
  refused("/confusion/0/0", 6, "'confusion'");
  refused("/confusion/0/0", -5, "'confusion'");
  refused("/confusion/0/0", 5.5, "'confusion'");
}

}  // namespace
}  // namespace naevus::model
