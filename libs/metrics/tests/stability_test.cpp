#include "naevus/metrics/stability.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>
#include <stdexcept>

#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/random.hpp"

namespace naevus::metrics {
namespace {

using Counts = std::vector<std::uint64_t>;

nlohmann::json golden() {
  return nlohmann::json::parse(read_text(NAEVUS_SOURCE_DIR "/tests/golden/stability.json"));
}

Stability told_stability(const Counts& reference, const Counts& current) {
  const auto found = population_stability(reference, current);
  if (!found) throw std::runtime_error("nothing is told of these counts");
  return *found;
}

TEST(PopulationStability, IsTheSumOfSciPysTwoRelativeEntropies) {
  const auto known = golden();
  for (const auto& item : known.at("stability")) {
    const auto found = told_stability(item.at("reference").get<Counts>(), item.at("current").get<Counts>());
    EXPECT_NEAR(found.psi, item.at("psi").get<double>(), 1e-12) << item;
    EXPECT_NEAR(found.expected, item.at("expected").get<double>(), 1e-12) << item;
    EXPECT_NEAR(found.p_value, item.at("p_value").get<double>(), 1e-9) << item;
  }
}

TEST(PopulationStability, BinsByDecilesAsNumPyDoes) {
  const auto known = golden();
  for (const auto& item : known.at("deciles")) {
    const auto values = item.at("values").get<std::vector<double>>();
    const auto edges = quantile_edges(values);
    EXPECT_THAT(edges, testing::Pointwise(testing::DoubleNear(1e-12), item.at("edges").get<std::vector<double>>()));
    EXPECT_EQ(histogram(values, edges), item.at("counts").get<Counts>());
  }
}

Counts drawn(std::uint64_t n, const std::vector<double>& share, Random& random) {
  Counts counts(share.size());
  for (std::uint64_t i = 0; i < n; ++i) {
    double left = random.uniform();
    std::size_t bin = 0;
    while (bin + 1 < share.size() && left >= share[bin]) left -= share[bin++];
    ++counts[bin];
  }
  return counts;
}

TEST(PopulationStability, RaisesNoMoreFalseAlarmsThanItsPValueSays) {
  const std::vector<std::vector<double>> shapes{std::vector<double>(10, 0.1), {.72, .1, .08, .044, .03, .013, .013}};
  Random random(5);
  for (const auto& shape : shapes)
    for (const std::uint64_t n : {30U, 100U, 1000U}) {
      int alarms = 0;
      double sum = 0, expected = 0;
      constexpr int runs = 2000;
      for (int i = 0; i < runs; ++i) {
        const auto found = told_stability(drawn(600, shape, random), drawn(n, shape, random));
        alarms += found.p_value < 0.05 ? 1 : 0;
        sum += found.psi;
        expected = found.expected;
      }
      EXPECT_LT(alarms, runs * 7 / 100) << n;      // 5 %, and four standard errors
      EXPECT_LT(sum / runs, 1.1 * expected) << n;  // the mean is told well enough
      EXPECT_GT(sum / runs, 0.6 * expected) << n;  // with 30 cases the empty bins' half cases hold it down
      if (n == 30) {
        EXPECT_GT(sum / runs, 0.1) << "custom alone would call it moved";
      }
    }
}

TEST(PopulationStability, SeesAShiftOfManyCases) {
  Random random(6);
  const auto found = told_stability(drawn(600, {.5, .3, .2}, random), drawn(300, {.2, .3, .5}, random));
  EXPECT_GT(found.psi, 0.25);
  EXPECT_LT(found.p_value, 1e-6);
}

TEST(PopulationStability, TiedValuesShareABinAndAnEmptySetHasOne) {
  const std::vector<double> values{0, 0, 0, 0, 0, 0, 0, 1, 1, 2};
  const auto edges = quantile_edges(values);
  EXPECT_TRUE(std::is_sorted(edges.begin(), edges.end(), std::less_equal<>()));
  const auto counts = histogram(values, edges);
  EXPECT_EQ(std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}), values.size());
  EXPECT_THAT(counts, testing::Each(testing::Gt(0)));
  EXPECT_TRUE(quantile_edges({}).empty());
  EXPECT_TRUE(quantile_edges(std::vector<double>(9, 3.5)).empty());
}

TEST(PopulationStability, NeedsCasesAndBins) {
  EXPECT_FALSE(population_stability(Counts{4}, Counts{5}));
  EXPECT_FALSE(population_stability(Counts{4, 5}, Counts{0, 0}));
  EXPECT_FALSE(population_stability(Counts{0, 0}, Counts{4, 5}));
  EXPECT_THROW(population_stability(Counts{1, 2}, Counts{1, 2, 3}), InputError);
  EXPECT_THROW(quantile_edges(std::vector<double>{1, std::nan("")}), InputError);
  EXPECT_THROW(quantile_edges(std::vector<double>{1}, 1), InputError);
}

}  // namespace
}  // namespace naevus::metrics
