// Robust spread, association and agreement against SciPy, scikit-learn and statsmodels: tests/golden/statistics.json,
// made by make_statistics.py beside it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/random.hpp"
#include "naevus/metrics/agreement.hpp"
#include "naevus/metrics/association.hpp"
#include "naevus/metrics/fisher.hpp"
#include "naevus/metrics/robust.hpp"

namespace naevus::metrics {
namespace {

using nlohmann::json;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr double tolerance = 1e-9;

json golden(const char* kind) {
  return json::parse(read_text(NAEVUS_SOURCE_DIR "/tests/golden/statistics.json")).at(kind);
}

TEST(Fisher, OneSidedPEqualsSciPys) {
  for (const json& item : golden("fisher")) {
    const auto share = [&](const char* which) {
      const auto numbers = item.at(which).get<std::vector<std::uint32_t>>();
      return Share{.hits = numbers[0], .cases = numbers[1]};
    };
    SCOPED_TRACE(item.dump());
    const double p = item.at("p").get<double>();
    EXPECT_NEAR(fisher_greater(share("first"), share("second")), p, tolerance * p + 1e-300);
  }
}

TEST(Fisher, EmptyGroupsSayNothingAndImpossibleOnesAreRefused) {
  EXPECT_EQ(fisher_greater({0, 0}, {5, 10}), 1);
  EXPECT_EQ(fisher_greater({5, 10}, {0, 0}), 1);
  EXPECT_EQ(fisher_greater({0, 0}, {0, 0}), 1);
  EXPECT_THROW(fisher_greater({11, 10}, {0, 1}), InputError);
}

TEST(Robust, MedianAndItsDeviationEqualSciPys) {
  for (const json& item : golden("robust")) {
    SCOPED_TRACE(item.at("name"));
    const auto values = item.at("values").get<std::vector<double>>();
    EXPECT_NEAR(median(values), item.at("median").get<double>(), tolerance);
    EXPECT_NEAR(median_absolute_deviation(values), item.at("mad").get<double>(), tolerance);
  }
}

TEST(Robust, SpreadEstimatesTheStandardDeviationOfANormal) {
  Random random(3);
  std::vector<double> values;
  for (int i = 0; i < 40'000; ++i) values.push_back(10 + 2.5 * random.normal());
  EXPECT_NEAR(robust_scale(values).spread, 2.5, 0.05);
  for (int i = 0; i < 4'000; ++i) values[static_cast<std::size_t>(i)] = 1e9;  // a tenth is wild
  EXPECT_NEAR(robust_scale(values).spread, 2.5, 0.5);
}

TEST(Robust, OutliersAreFoundAlsoWhereMostValuesAreEqual) {
  EXPECT_THAT(robust_outliers(std::vector<double>{1, 2, 3, 2, 1, 3, 2, 40, 2, 1}), ElementsAre(7));
  std::vector<double> equal(40, 5);
  EXPECT_THAT(robust_outliers(equal), IsEmpty());
  EXPECT_THAT(robust_z(equal), Each(0));
  equal[11] = 9;
  EXPECT_THAT(robust_outliers(equal), ElementsAre(11));
}

TEST(Robust, ValuesThatAreNoneAreRefused) {
  EXPECT_THROW(median({}), InputError);
  EXPECT_THROW(robust_z(std::vector<double>{1, std::numeric_limits<double>::infinity()}), InputError);
}

TEST(Association, CramersVEqualsSciPys) {
  for (const json& item : golden("association")) {
    SCOPED_TRACE(item.at("name"));
    const auto first = item.at("first").get<std::vector<int>>(), second = item.at("second").get<std::vector<int>>();
    const auto found = association(first, second);
    ASSERT_TRUE(found);
    EXPECT_NEAR(found->cramers_v, item.at("v").get<double>(), tolerance);
    EXPECT_NEAR(found->corrected_v, item.at("corrected_v").get<double>(), tolerance);
    EXPECT_NEAR(association(second, first)->cramers_v, found->cramers_v, tolerance);
  }
}

TEST(Association, PermutationsGiveSciPysPValue) {
  for (const json& item : golden("association")) {
    SCOPED_TRACE(item.at("name"));
    const double theirs = item.at("p");
    const auto found = association(item.at("first").get<std::vector<int>>(), item.at("second").get<std::vector<int>>(),
                                   {.permutations = 4000});
    // Both are random: four standard errors of the difference of two shares of 4,000.
    EXPECT_NEAR(found->p_value, theirs, 4 * std::sqrt(2 * theirs * (1 - theirs) / 4000) + 1e-3);
  }
}

TEST(Association, IndependentPropertiesRarelyLookAssociated) {
  int rejected = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Random random(seed);
    std::vector<int> first, second;
    for (int i = 0; i < 50; ++i) {
      first.push_back(static_cast<int>(random.below(2)));
      second.push_back(static_cast<int>(random.below(5)));
    }
    if (association(first, second, {.permutations = 199, .seed = seed})->p_value <= 0.05) ++rejected;
  }
  // At most 5 % are to be expected: 10 of 200; more than 22 has a probability below 0.001.
  EXPECT_LE(rejected, 22);
  EXPECT_GE(rejected, 1);
}

TEST(Association, TheSameSeedGivesTheSamePValue) {
  const std::vector<int> first{0, 0, 1, 1, 0, 1, 0, 1, 1, 0}, second{0, 2, 1, 1, 0, 2, 0, 1, 2, 2};
  EXPECT_EQ(association(first, second, {.seed = 4})->p_value, association(first, second, {.seed = 4})->p_value);
}

TEST(Association, APropertyWithOneValueHasNone) {
  EXPECT_FALSE(association(std::vector<int>{1, 1, 1}, std::vector<int>{0, 1, 2}));
  EXPECT_FALSE(association({}, {}));
  EXPECT_THROW(association(std::vector<int>{1, 1}, std::vector<int>{0}), InputError);
  EXPECT_THROW(association(std::vector<int>{1, -1}, std::vector<int>{0, 1}), InputError);
  EXPECT_THROW(association(std::vector<int>{1, 65536}, std::vector<int>{0, 1}), InputError);
  EXPECT_THROW(association(std::vector<int>{1, 0}, std::vector<int>{0, 1}, {.permutations = 0}), InputError);
}

TEST(Agreement, KappaAndItsIntervalEqualScikitLearnsAndStatsmodels) {
  for (const json& item : golden("kappa")) {
    SCOPED_TRACE(item.at("name"));
    const auto found = cohen_kappa(confusion_matrix(item.at("first").get<std::vector<int>>(),
                                                    item.at("second").get<std::vector<int>>(), item.at("classes")));
    ASSERT_TRUE(found);
    EXPECT_NEAR(found->kappa, item.at("kappa").get<double>(), tolerance);
    EXPECT_NEAR(found->standard_error, item.at("standard_error").get<double>(), 1e-7);
    EXPECT_NEAR(found->interval.low, item.at("low").get<double>(), 1e-7);
    EXPECT_NEAR(found->interval.high, item.at("high").get<double>(), 1e-7);
  }
}

TEST(Agreement, TwoWhoGaveOneAnswerOnlyHaveNoKappa) {
  const std::vector<int> same{1, 1, 1}, mixed{1, 0, 1};
  EXPECT_FALSE(cohen_kappa(confusion_matrix(same, same, 2)));
  EXPECT_FALSE(cohen_kappa(confusion_matrix({}, {}, 2)));
  EXPECT_NEAR(cohen_kappa(confusion_matrix(same, mixed, 2))->kappa, 0, tolerance);
}

}  // namespace
}  // namespace naevus::metrics
