// The whole evaluation of a predictions file against scikit-learn: tests/golden/evaluate.json, made by
// make_evaluate.py.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "naevus/base/file.hpp"
#include "naevus/evaluate/output.hpp"

namespace naevus::evaluate {
namespace {

using nlohmann::json;

/// Everything that the golden says must stand in ours, at the same place and within 1e-9.
void expect_within(const json& ours, const json& golden, const std::string& place) {
  if (golden.is_object()) {
    for (const auto& [key, value] : golden.items()) {
      ASSERT_TRUE(ours.contains(key)) << place << "/" << key;
      expect_within(ours.at(key), value, place + "/" + key);
    }
  } else if (golden.is_array()) {
    ASSERT_EQ(ours.size(), golden.size()) << place;
    for (std::size_t i = 0; i < golden.size(); ++i) expect_within(ours[i], golden[i], place + "/" + std::to_string(i));
  } else if (golden.is_number()) {
    ASSERT_TRUE(ours.is_number()) << place << " is " << ours;
    EXPECT_NEAR(ours.get<double>(), golden.get<double>(), 1e-9) << place;
  } else {
    EXPECT_EQ(ours, golden) << place;
  }
}

TEST(EvaluatePredictions, EveryNumberOfTheJsonEqualsScikitLearns) {
  const json file = json::parse(read_text(NAEVUS_SOURCE_DIR "/tests/golden/evaluate.json"));
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "naevus_evaluate_golden";
  for (const json& item : file.at("cases")) {
    SCOPED_TRACE(item.at("name"));
    write_file(folder / "p.csv", item.at("predictions").get<std::string>());
    write_file(folder / "m.csv", item.at("manifest").get<std::string>());
    const dataset::Manifest manifest = dataset::read_manifest(folder / "m.csv");
    const Predictions predictions = read_predictions(folder / "p.csv", &manifest, "test");
    EXPECT_TRUE(predictions.failures.empty());
    const Evaluation evaluation = score(predictions, {.bootstrap = {.resamples = 200}});
    const json ours = json::parse(to_json(evaluation));
    expect_within(ours, item.at("expected"), "");
    for (const char* name : {"accuracy", "balanced_accuracy", "macro_auc"}) {
      EXPECT_LE(ours.at(name).at("low"), ours.at(name).at("value")) << name;
      EXPECT_GE(ours.at(name).at("high"), ours.at(name).at("value")) << name;
    }
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace naevus::evaluate
