#include "naevus/registry/gate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "answers.hpp"
#include "naevus/base/error.hpp"

namespace naevus::registry {
namespace {

using testing::HasSubstr;
using testing::Not;

const Condition& condition(const GateResult& result, const std::string& name) {
  for (const Condition& one : result.conditions)
    if (one.name.find(name) != std::string::npos) return one;
  throw std::out_of_range(name);
}

/// Gives the first of those cases of the class the truth's class, or another one.
void call(evaluate::Predictions& predictions, int truth, std::size_t count, bool right, const std::string& sex = {}) {
  for (std::size_t i = 0; i < predictions.cases.size() && count > 0; ++i) {
    const auto& item = predictions.cases[i];
    if (item.truth != truth || (!sex.empty() && item.sex != sex)) continue;
    const auto probabilities = calling(right ? truth : (truth + 1) % 3);
    std::copy(probabilities.begin(), probabilities.end(),
              predictions.probabilities.begin() + static_cast<std::ptrdiff_t>(3 * i));
    --count;
  }
}

constexpr int melanoma = 1;

TEST(Gate, ABetterCandidatePasses) {
  const auto served = answers(900, 0.8, 1);
  auto better = served;
  for (int truth = 0; truth < 3; ++truth) call(better, truth, 200, true);
  const auto result = judge({.frozen = better}, {.frozen = served});
  EXPECT_TRUE(result.passed()) << to_json(result);
  EXPECT_EQ(result.conditions.size(), 4U);
}

TEST(Gate, TheSameModelPasses) {
  const auto served = answers(900, 0.8, 1);
  EXPECT_TRUE(judge({.frozen = served}, {.frozen = served}).passed());
}

TEST(Gate, EquallyGoodIsNotEnoughWhereItIsNotShown) {
  const auto result = judge({.frozen = answers(150, 0.8, 2)}, {.frozen = answers(150, 0.8, 1)});
  EXPECT_FALSE(condition(result, "balanced accuracy on the frozen").holds) << to_json(result);
  EXPECT_THAT(condition(result, "balanced accuracy on the frozen").text, HasSubstr("does not lie above -0.020"));
}

TEST(Gate, AHigherBalancedAccuracyDoesNotBuyMissedMelanomas) {
  const auto served = answers(900, 0.8, 1);
  auto candidate = served;
  call(candidate, 0, 300, true);
  call(candidate, 2, 300, true);
  call(candidate, melanoma, 40, false);
  const auto result = judge({.frozen = candidate}, {.frozen = served});
  EXPECT_TRUE(condition(result, "balanced accuracy").holds);
  EXPECT_FALSE(condition(result, "sensitivity for mel").holds);
  EXPECT_FALSE(result.passed());
}

TEST(Gate, NorDoesItBuyASubgroupsLoss) {
  const auto served = answers(900, 0.8, 1);
  auto candidate = served;
  for (int truth = 0; truth < 3; ++truth) call(candidate, truth, 150, true, "female");
  call(candidate, 0, 40, false, "male");
  const auto result = judge({.frozen = candidate}, {.frozen = served});
  EXPECT_FALSE(condition(result, "subgroups").holds);
  EXPECT_THAT(condition(result, "subgroups").text, HasSubstr("sex male: balanced accuracy falls from"));
  EXPECT_TRUE(condition(judge({.frozen = candidate}, {.frozen = served}, {.subgroup_cases = 500}), "subgroups").holds);
}

TEST(Gate, OneClassAloneIsNoBalancedAccuracy) {
  auto served = answers(900, 0.9, 1);
  for (auto& item : served.cases) item.site = item.truth == 2 ? "sole" : "back";
  auto candidate = served;
  call(candidate, 0, 300, true);
  call(candidate, melanoma, 300, true);
  call(candidate, 2, 40, false);
  EXPECT_THAT(condition(judge({.frozen = candidate}, {.frozen = served}), "subgroups").text, Not(HasSubstr("sole")));
}

TEST(Gate, TheNewestFeedbackMustNotShowItWorse) {
  const auto served = answers(900, 0.8, 1);
  const auto newest = answers(90, 0.8, 5);
  auto worse = newest;
  for (int truth = 0; truth < 3; ++truth) call(worse, truth, 20, false);
  const auto refused = judge({.frozen = served, .newest = worse}, {.frozen = served, .newest = newest});
  EXPECT_FALSE(condition(refused, "newest feedback").holds);
  const auto little = judge({.frozen = served, .newest = answers(90, 0.8, 6)}, {.frozen = served, .newest = newest});
  EXPECT_TRUE(condition(little, "newest feedback").holds) << to_json(little);
}

TEST(Gate, WithoutMelanomaTheMalignantClassesDecide) {
  const auto served = answers(900, 0.9, 1);
  const auto result = judge({.frozen = served}, {.frozen = served}, {.most_harmful = "scc"});
  EXPECT_TRUE(condition(result, "sensitivity for malignant").holds);
  auto nothing = served;
  nothing.malignant.clear();
  const auto unknown = judge({.frozen = nothing}, {.frozen = nothing}, {.most_harmful = "scc"});
  EXPECT_FALSE(condition(unknown, "sensitivity for malignant").holds);
}

TEST(Gate, ACandidateThatLearnedFromTheTestPicturesFails) {
  const auto served = answers(900, 0.8, 1);
  auto candidate = served;
  candidate.checks = {{.id = "copies", .verdict = evaluate::Verdict::passed, .text = "no copies"},
                      {.id = "near_copies", .verdict = evaluate::Verdict::failed, .text = "3 pictures again"}};
  const auto result = judge({.frozen = candidate}, {.frozen = served});
  EXPECT_FALSE(result.passed());
  EXPECT_EQ(condition(result, "copies").text, "3 pictures again");
}

TEST(Gate, OtherClassesCanNotBeCompared) {
  auto other = answers(90, 0.9, 1);
  other.classes = {"bcc", "mel", "nv"};
  EXPECT_THROW(judge({.frozen = other}, {.frozen = answers(90, 0.9, 1)}), InputError);
}

TEST(Gate, JsonSaysWhatHolds) {
  const auto served = answers(900, 0.9, 1);
  const auto json = nlohmann::json::parse(to_json(judge({.frozen = served}, {.frozen = served})));
  EXPECT_TRUE(json.at("passed"));
  EXPECT_EQ(json.at("conditions").size(), 4U);
  EXPECT_TRUE(json.at("conditions").at(0).at("holds"));
}

}  // namespace
}  // namespace naevus::registry
