#include "naevus/model/card.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "example.hpp"
#include "naevus/base/error.hpp"

namespace naevus::model {
namespace {

using ::testing::HasSubstr;

TEST(Card, ComesBackFromItsJson) {
  const Card card = testing::example().card;
  const Card back = card_from_json(to_json(card));
  EXPECT_EQ(to_json(back), to_json(card));
  EXPECT_EQ(back.classes, card.classes);
  EXPECT_EQ(back.mean, card.mean);
  EXPECT_EQ(back.malignant_threshold, card.malignant_threshold);
  EXPECT_EQ(back.data, card.data);
  ASSERT_EQ(back.seen.size(), 2U);
  EXPECT_EQ(back.seen[1].part, "validation");
}

TEST(Card, KeepsItsPreparationSteps) {
  Card card = testing::example().card;
  card.preparation = {{"vignette", "crop"}, {"denoise", "median"}};
  EXPECT_EQ(card_from_json(to_json(card)).preparation, card.preparation);
}

TEST(Card, FromBeforeThereWereStepsHasNone) {
  const nlohmann::json old = nlohmann::json::parse(to_json(testing::example().card));
  EXPECT_FALSE(old.contains("preparation"));
  EXPECT_TRUE(card_from_json(old.dump()).preparation.empty());
}

TEST(Card, KeepsWhatCalibrationFitted) {
  Card card = testing::example().card;
  card.temperature = 1;
  card.vector_scaling = {{1, 2, 3}, {0, -1, 0.5}};
  card.decision_points = {{"sensitivity", 0.95, 0.1, 0.96, 0.5}, {"cost", 0.01, std::nullopt, 0, 1}};
  card.prediction_sets = {0.9, "adaptive", true, {0.5, std::numeric_limits<double>::infinity(), 0.75}};
  const Card back = card_from_json(to_json(card));
  EXPECT_EQ(to_json(back), to_json(card));
  EXPECT_EQ(back.vector_scaling->bias, card.vector_scaling->bias);
  ASSERT_EQ(back.decision_points.size(), 2U);
  EXPECT_EQ(back.decision_points[0].aim, 0.95);
  EXPECT_FALSE(back.decision_points[1].threshold);
  EXPECT_EQ(back.prediction_sets->limit, card.prediction_sets->limit);
}

TEST(Card, WithoutCalibrationOfTheNewKindsIsWrittenAsBefore) {
  const nlohmann::json old = nlohmann::json::parse(to_json(testing::example().card));
  for (const char* key : {"vector_scaling", "decision_points", "prediction_sets"}) EXPECT_FALSE(old.contains(key));
}

TEST(Card, RefusesCalibrationThatDoesNotFit) {
  const auto refused = [](const char* text) {
    nlohmann::json object = nlohmann::json::parse(to_json(testing::example().card));
    object["temperature"] = 1;
    object.update(nlohmann::json::parse(text));
    EXPECT_THROW(card_from_json(object.dump()), InputError) << text;
  };
  refused(R"({"vector_scaling": 3})");
  refused(R"({"vector_scaling": {"weight": [1, 2], "bias": [0, 0]}})");
  refused(R"({"vector_scaling": {"weight": [1, 2, null], "bias": [0, 0, 0]}})");
  refused(R"({"vector_scaling": {"weight": [1, 2, 3], "bias": [0, 0, 0]}, "temperature": 2})");
  refused(
      R"({"decision_points": [{"rule": "taste", "aim": 0, "threshold": 0.5, "sensitivity": 1, "specificity": 1}]})");
  refused(
      R"({"decision_points": [{"rule": "youden", "aim": 0, "threshold": 1.5, "sensitivity": 1, "specificity": 1}]})");
  refused(R"({"decision_points": [3]})");
  refused(R"({"prediction_sets": {"coverage": 0.9, "score": "odd", "by_class": false, "limit": [1, 1, 1]}})");
  refused(R"({"prediction_sets": {"coverage": 0.9, "score": "adaptive", "by_class": false, "limit": [1, 1]}})");
}

TEST(Card, KeepsWhatHeldOutPicturesLookedLike) {
  Card card = testing::example().card;
  EXPECT_FALSE(nlohmann::json::parse(to_json(card)).contains("reference"));
  card.reference = {.of = "20 pictures", .predicted = {3, 0, 17}, .measures = {{"sharpness", {{0.5, 0.7}, {4, 8, 8}}}}};
  const Card back = card_from_json(to_json(card));
  EXPECT_EQ(to_json(back), to_json(card));
  EXPECT_EQ(back.reference->predicted, card.reference->predicted);
  EXPECT_EQ(back.reference->measures.at("sharpness").edges, card.reference->measures.at("sharpness").edges);
}

TEST(Card, RefusesAReferenceThatMakesNoSense) {
  const auto refused = [](const char* text) {
    nlohmann::json object = nlohmann::json::parse(to_json(testing::example().card));
    object["reference"] = nlohmann::json::parse(text);
    EXPECT_THROW(card_from_json(object.dump()), InputError) << text;
  };
  refused("3");
  refused(R"({"of": 1, "predicted": [1, 2, 3], "measures": {}})");
  refused(R"({"of": "x", "predicted": [1, 2], "measures": {}})");
  refused(R"({"of": "x", "predicted": [1, 2, -3], "measures": {}})");
  refused(R"({"of": "x", "predicted": [1, 2, 3.5], "measures": {}})");
  refused(R"({"of": "x", "predicted": [1, 2, 3], "measures": []})");
  refused(R"({"of": "x", "predicted": [1, 2, 3], "measures": {"a": 1}})");
  refused(R"({"of": "x", "predicted": [1, 2, 3], "measures": {"a": {"edges": [1], "counts": [1]}}})");
  refused(R"({"of": "x", "predicted": [1, 2, 3], "measures": {"a": {"edges": [2, 1], "counts": [1, 1, 1]}}})");
  refused(R"({"of": "x", "predicted": [1, 2, 3], "measures": {"a": {"edges": [1, 1], "counts": [1, 1, 1]}}})");
  refused(R"({"of": "x", "predicted": [1, 2, 3], "measures": {"a": {"edges": [null], "counts": [1, 1]}}})");
}

TEST(Card, KeepsAMetricThatIsNotDefined) {
  Card card = testing::example().card;
  card.metrics["validation.macro_auc"] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(std::isnan(card_from_json(to_json(card)).metrics.at("validation.macro_auc")));
}

TEST(Card, NamesTheKeyThatIsMissingWrongOrUnknown) {
  const auto problem_with = [](const char* key, const nlohmann::json& value) {
    nlohmann::json object = nlohmann::json::parse(to_json(testing::example().card));
    if (value.is_discarded())
      object.erase(key);
    else
      object[key] = value;
    try {
      card_from_json(object.dump());
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    return std::string("it was taken");
  };
  const nlohmann::json nothing(nlohmann::json::value_t::discarded);
  const nlohmann::json sound = nlohmann::json::parse(to_json(testing::example().card));
  for (const auto& [key, value] : sound.items())
    EXPECT_THAT(problem_with(key.c_str(), nothing), HasSubstr("'" + key + "'"));
  EXPECT_THAT(problem_with("colour", 1), HasSubstr("'colour'"));
  EXPECT_THAT(problem_with("name", 1), HasSubstr("'name'"));
  EXPECT_THAT(problem_with("classes", {"nv", "mel"}), HasSubstr("alphabetical"));
  EXPECT_THAT(problem_with("classes", {"mel", "mel"}), HasSubstr("alphabetical"));
  EXPECT_THAT(problem_with("classes", nlohmann::json::array()), HasSubstr("'classes'"));
  EXPECT_THAT(problem_with("malignant", {"scc"}), HasSubstr("'malignant'"));
  EXPECT_THAT(problem_with("width", 0), HasSubstr("'width'"));
  EXPECT_THAT(problem_with("width", 1e300), HasSubstr("'width'"));
  EXPECT_THAT(problem_with("std", {1, 0, 1}), HasSubstr("'std'"));
  EXPECT_THAT(problem_with("mean", {1, 2}), HasSubstr("'mean'"));
  EXPECT_THAT(problem_with("temperature", 0), HasSubstr("'temperature'"));
  EXPECT_THAT(problem_with("malignant_threshold", 1.5), HasSubstr("'malignant_threshold'"));
  EXPECT_THAT(problem_with("ood_kind", "odin"), HasSubstr("'ood_kind'"));
  EXPECT_THAT(problem_with("seen", {{"a", "b", "train"}}), HasSubstr("'seen'"));
  EXPECT_THAT(problem_with("format", 0), HasSubstr("'format'"));
  EXPECT_THAT(problem_with("preparation", {"denoise"}), HasSubstr("'preparation'"));
  EXPECT_THAT(problem_with("preparation", {{"denoise", 3}}), HasSubstr("'denoise'"));
}

TEST(Card, OfANewerFormatSaysSo) {
  nlohmann::json object = nlohmann::json::parse(to_json(testing::example().card));
  object["format"] = Card::current_format + 1;
  object["something_new"] = true;
  try {
    card_from_json(object.dump());
    FAIL() << "a newer format was taken";
  } catch (const InputError& error) {
    EXPECT_THAT(error.advice(), HasSubstr("newer naevus"));
  }
}

TEST(Card, RefusesWhatIsNoObject) {
  for (const char* text : {"", "{", "[]", "null", "{\"format\":1}", "\xff"})
    EXPECT_THROW(card_from_json(text), InputError);
}

}  // namespace
}  // namespace naevus::model
