#include "naevus/dataset/balance.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace naevus::dataset {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;

std::vector<int> labels(const std::vector<int>& counts) {
  std::vector<int> result;
  for (std::size_t c = 0; c < counts.size(); ++c)
    result.insert(result.end(), static_cast<std::size_t>(counts[c]), static_cast<int>(c));
  return result;
}

TEST(SamplingPlan, WithPowerNoughtShowsEveryImageOnce) {
  const std::vector<int> label = labels({50, 7, 3});
  std::vector<std::size_t> plan = sampling_plan(label, 3, 0, label.size(), Random(1));
  EXPECT_FALSE(std::is_sorted(plan.begin(), plan.end()));
  std::sort(plan.begin(), plan.end());
  std::vector<std::size_t> all(label.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  EXPECT_EQ(plan, all);
}

TEST(SamplingPlan, WithPowerOneShowsEveryClassEquallyOftenAndNoImageTwiceMoreThanAnother) {
  const std::vector<int> label = labels({100, 20, 5, 0});
  const auto plan = sampling_plan(label, 4, 1, 120, Random(2));
  std::map<int, int> classes;
  std::map<std::size_t, int> images;
  for (const std::size_t i : plan) ++classes[label[i]], ++images[i];
  EXPECT_EQ(classes[0], 40);
  EXPECT_EQ(classes[1], 40);
  EXPECT_EQ(classes[2], 40);
  for (std::size_t i = 100; i < 120; ++i) EXPECT_EQ(images[i], 2);
  for (std::size_t i = 120; i < 125; ++i) EXPECT_EQ(images[i], 8);
}

TEST(SamplingPlan, IsFixedByItsSeed) {
  const std::vector<int> label = labels({30, 9});
  EXPECT_EQ(sampling_plan(label, 2, 0.5, 39, Random(1, {4})), sampling_plan(label, 2, 0.5, 39, Random(1, {4})));
  EXPECT_NE(sampling_plan(label, 2, 0.5, 39, Random(1, {4})), sampling_plan(label, 2, 0.5, 39, Random(1, {5})));
}

TEST(ClassWeights, AreScikitLearnsBalancedOnesForPowerOne) {
  // sklearn.utils.class_weight.compute_class_weight("balanced"): n / (classes * n_c)
  EXPECT_THAT(class_weights(std::vector<std::size_t>{6, 3, 1}),
              ElementsAre(DoubleNear(10 / 18.0, 1e-12), DoubleNear(10 / 9.0, 1e-12), DoubleNear(10 / 3.0, 1e-12)));
}

TEST(ClassWeights, ByEffectiveNumberFollowTheFormula) {
  const double beta = 0.9, a = (1 - beta) / (1 - std::pow(beta, 10)), b = 1;
  const auto weight =
      class_weights(std::vector<std::size_t>{10, 1, 0}, {.rule = WeightOptions::Rule::effective_number, .beta = beta});
  EXPECT_NEAR(weight[1] / weight[0], b / a, 1e-12);
  EXPECT_NEAR(10 * weight[0] + weight[1], 11, 1e-12);
  EXPECT_EQ(weight[2], 0);
}

TEST(LogPriors, AreTheSharesLogarithms) {
  EXPECT_THAT(log_priors(std::vector<std::size_t>{3, 1}),
              ElementsAre(DoubleNear(std::log(0.75), 1e-12), DoubleNear(std::log(0.25), 1e-12)));
}

}  // namespace
}  // namespace naevus::dataset
