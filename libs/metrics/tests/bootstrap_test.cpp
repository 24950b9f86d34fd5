#include "naevus/metrics/bootstrap.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <mutex>

#include "naevus/base/error.hpp"
#include "naevus/base/random.hpp"
#include "naevus/metrics/confusion.hpp"
#include "naevus/metrics/ranked_scores.hpp"
#include "naevus/metrics/roc.hpp"

namespace naevus::metrics {
namespace {

Statistic mean_of(const std::vector<double>& values) {
  return [&values](std::span<const std::uint32_t> weight, std::span<std::optional<double>> score) {
    double sum = 0, count = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      sum += values[i] * weight[i];
      count += weight[i];
    }
    score[0] = sum / count;
  };
}

TEST(Bootstrap, IntervalOfAMeanIsTheNormalOneForManyCases) {
  Random random(5);
  std::vector<double> values(4000);
  for (double& value : values) value = random.chance(0.3) ? 1 : 0;
  double mean = 0;
  for (const double value : values) mean += value / 4000;
  const double error = 1.96 * std::sqrt(mean * (1 - mean) / 4000);
  const auto interval = bootstrap(values.size(), {}, 1, mean_of(values)).at(0).value();
  EXPECT_NEAR(interval.low, mean - error, 0.1 * error);
  EXPECT_NEAR(interval.high, mean + error, 0.1 * error);
}

TEST(Bootstrap, CopiesOfACaseInOneClusterAddNoCertainty) {
  Random random(9);
  std::vector<double> once, five_times;
  std::vector<std::uint32_t> cluster;
  for (std::uint32_t i = 0; i < 300; ++i) {
    once.push_back(random.normal());
    for (int k = 0; k < 5; ++k) {
      five_times.push_back(once.back());
      cluster.push_back(1000 + i);
    }
  }
  const auto single = bootstrap(once.size(), {}, 1, mean_of(once)).at(0).value();
  const auto clustered = bootstrap(five_times.size(), cluster, 1, mean_of(five_times)).at(0).value();
  EXPECT_NEAR(single.low, clustered.low, 1e-9);  // the same draws of the same means
  EXPECT_NEAR(single.high, clustered.high, 1e-9);
}

TEST(Bootstrap, TheSameSeedGivesTheSameIntervalAndAnotherADifferentOne) {
  const std::vector<double> values{0.1, 0.9, 0.4, 0.7, 0.2, 0.3};
  const auto at_seed = [&](std::uint64_t seed) {
    return bootstrap(values.size(), {}, 1, mean_of(values), {.resamples = 101, .seed = seed}).at(0)->low;
  };
  EXPECT_EQ(at_seed(4), at_seed(4));
  EXPECT_NE(at_seed(4), at_seed(5));
}

TEST(Bootstrap, AScoreThatSeldomExistsHasNoInterval) {
  const auto never = [](std::span<const std::uint32_t>, std::span<std::optional<double>>) {};
  EXPECT_FALSE(bootstrap(10, {}, 1, never).at(0));
  EXPECT_FALSE(bootstrap(0, {}, 1, never).at(0));
}

/// A table of scores of some classes, in steps that make ties.
struct Table {
  std::size_t classes = 0;
  std::vector<double> scores;
  std::vector<int> truth, called;
  std::vector<std::uint32_t> cluster;
};

Table random_table(std::uint64_t seed, std::size_t n, std::size_t classes) {
  Random random(seed);
  Table table{.classes = classes};
  for (std::size_t i = 0; i < n; ++i) {
    const auto truth = static_cast<int>(std::min(random.below(classes), random.below(classes)));
    table.truth.push_back(truth);
    for (std::size_t c = 0; c < classes; ++c)
      table.scores.push_back(static_cast<double>(random.below(6) + (static_cast<int>(c) == truth ? 2U : 0U)) / 8);
    table.cluster.push_back(static_cast<std::uint32_t>(7 * random.below(n)));
  }
  table.called = most_likely(table.scores, classes);
  return table;
}

Statistic balanced_accuracy_and_areas(const Table& table) {
  std::vector<RankedScores> ranked;
  for (std::size_t c = 0; c < table.classes; ++c)
    ranked.emplace_back(column(table.scores, table.classes, c), is_class(table.truth, static_cast<int>(c)));
  return [calls = SortedCalls(table.truth, table.called, table.classes), ranked](
             std::span<const std::uint32_t> weight, std::span<std::optional<double>> value) {
    value[0] = balanced_accuracy(calls.matrix(weight));
    for (std::size_t c = 0; c < ranked.size(); ++c) {
      value[1 + c] = ranked[c].auc(weight);
      value[1 + ranked.size() + c] = ranked[c].average_precision(weight);
    }
  };
}

/// The cases of a resample written out one by one, and scored by definition.
std::vector<std::optional<double>> by_definition(const Table& table, std::span<const std::uint32_t> weight) {
  std::vector<std::size_t> drawn;
  for (std::size_t i = 0; i < weight.size(); ++i) drawn.insert(drawn.end(), weight[i], i);
  std::vector<std::optional<double>> value(1 + 2 * table.classes);
  double recalls = 0, present = 0;
  for (std::size_t c = 0; c < table.classes; ++c) {
    const auto is = [&](std::size_t i) { return table.truth[i] == static_cast<int>(c); };
    const auto score = [&](std::size_t i) { return table.scores[i * table.classes + c]; };
    double cases = 0, right = 0, pairs = 0, ordered = 0, precision = 0;
    for (const std::size_t i : drawn) {
      if (!is(i)) continue;
      ++cases;
      if (table.called[i] == table.truth[i]) ++right;
      double called = 0, hits = 0;
      for (const std::size_t k : drawn) {
        if (score(k) >= score(i)) {
          ++called;
          if (is(k)) ++hits;
        }
        if (is(k)) continue;
        ++pairs;
        ordered += score(i) > score(k) ? 1 : score(i) == score(k) ? 0.5 : 0;
      }
      precision += hits / called;  // of the threshold at which this case is first called
    }
    if (cases > 0) {
      ++present;
      recalls += right / cases;
      value[1 + table.classes + c] = precision / cases;
    }
    if (pairs > 0) value[1 + c] = ordered / pairs;
  }
  if (present > 0) value[0] = recalls / present;
  return value;
}

TEST(Bootstrap, ScoresOfAResampleAreThoseOfItsCasesWrittenOutOneByOne) {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    const Table table = random_table(seed, 1 + 13 * seed, 2 + seed % 4);
    const Statistic fast = balanced_accuracy_and_areas(table);
    std::mutex mutex;
    const Statistic compared = [&](std::span<const std::uint32_t> weight, std::span<std::optional<double>> value) {
      fast(weight, value);
      const auto naive = by_definition(table, weight);
      const std::scoped_lock lock(mutex);
      for (std::size_t i = 0; i < value.size(); ++i) {
        ASSERT_EQ(value[i].has_value(), naive[i].has_value()) << seed << " " << i;
        EXPECT_NEAR(value[i].value_or(0), naive[i].value_or(0), 1e-12) << seed << " " << i;
      }
    };
    bootstrap(table.truth.size(), table.cluster, 1 + 2 * table.classes, compared, {.resamples = 40, .seed = seed});
  }
}

TEST(Bootstrap, DrawsAreTheGeneratorsAndClustersComeWhole) {
  const std::vector<std::uint32_t> cluster{9, 4, 9, 4, 4, 1000};
  std::vector<std::uint32_t> sum(6);
  const Statistic statistic = [&](std::span<const std::uint32_t> weight, std::span<std::optional<double>>) {
    EXPECT_EQ(weight[0], weight[2]);
    EXPECT_EQ(weight[1], weight[3]);
    EXPECT_EQ(weight[1], weight[4]);
    EXPECT_EQ(weight[0] + weight[1] + weight[5], 3U);
    for (std::size_t i = 0; i < 6; ++i) sum[i] += weight[i];
  };
  bootstrap(6, cluster, 1, statistic, {.resamples = 50, .seed = 3, .threads = 1});
  const std::vector<std::vector<std::size_t>> members{{0, 2}, {1, 3, 4}, {5}};
  std::vector<std::uint32_t> expected(6);
  for (std::uint64_t i = 0; i < 50; ++i) {
    Random random(3, {i});
    for (int k = 0; k < 3; ++k)
      for (const std::size_t index : members[random.below(3)]) ++expected[index];
  }
  EXPECT_EQ(sum, expected);
}

TEST(Bootstrap, TheNumberOfThreadsChangesNothing) {
  const Table table = random_table(2, 150, 3);
  const Statistic statistic = balanced_accuracy_and_areas(table);
  const auto at = [&](int threads) {
    std::vector<double> ends;
    for (const auto& interval : bootstrap(150, table.cluster, 7, statistic, {.resamples = 133, .threads = threads})) {
      ends.push_back(interval.value().low);
      ends.push_back(interval.value().high);
    }
    return ends;
  };
  EXPECT_EQ(at(1), at(2));
  EXPECT_EQ(at(1), at(5));
}

TEST(Bootstrap, AModelIsNotAheadOfItselfAndABetterOneIs) {
  const Table table = random_table(8, 400, 3);
  Table worse = table;
  for (std::size_t i = 0; i < worse.called.size(); i += 3) worse.called[i] = (worse.called[i] + 1) % 3;
  const auto score = [](const Table& of) -> Statistic {
    return [calls = SortedCalls(of.truth, of.called, of.classes)](std::span<const std::uint32_t> weight,
                                                                  std::span<std::optional<double>> value) {
      value[0] = balanced_accuracy(calls.matrix(weight));
    };
  };
  const auto same = bootstrap_difference(400, table.cluster, 1, score(table), score(table)).at(0).value();
  EXPECT_EQ(same.interval.low, 0);
  EXPECT_EQ(same.interval.high, 0);
  EXPECT_EQ(same.p_value, 1);
  const auto ahead = bootstrap_difference(400, table.cluster, 1, score(table), score(worse)).at(0).value();
  const auto behind = bootstrap_difference(400, table.cluster, 1, score(worse), score(table)).at(0).value();
  EXPECT_GT(ahead.interval.low, 0);
  EXPECT_NEAR(ahead.interval.low, -behind.interval.high, 1e-12);
  EXPECT_DOUBLE_EQ(ahead.p_value, 2.0 / 2001);
  EXPECT_DOUBLE_EQ(behind.p_value, 2.0 / 2001);
}

TEST(Bootstrap, PairingTakesOutWhatBothModelsShare) {
  // Two scores that share nearly all of their noise: apart their intervals overlap widely, the difference is sure.
  Random random(21);
  std::vector<double> first(300), second(300);
  for (std::size_t i = 0; i < 300; ++i) {
    first[i] = random.normal();
    second[i] = first[i] - 0.05 + 0.1 * random.normal();
  }
  const auto difference = bootstrap_difference(300, {}, 1, mean_of(first), mean_of(second)).at(0).value();
  double mean = 0, spread = 0;
  for (std::size_t i = 0; i < 300; ++i) mean += (first[i] - second[i]) / 300;
  for (std::size_t i = 0; i < 300; ++i) spread += std::pow(first[i] - second[i] - mean, 2) / 300;
  const double error = 1.96 * std::sqrt(spread / 300);
  EXPECT_NEAR(difference.interval.low, mean - error, 0.1 * error);
  EXPECT_NEAR(difference.interval.high, mean + error, 0.1 * error);
}

TEST(Bootstrap, RefusesWhatMakesNoSense) {
  const std::vector<double> values{1, 2, 3};
  const std::vector<std::uint32_t> two{0, 1};
  EXPECT_THROW(bootstrap(3, two, 1, mean_of(values)), InputError);
  EXPECT_THROW(bootstrap(3, {}, 1, mean_of(values), {.resamples = 0}), InputError);
  EXPECT_THROW(bootstrap(3, {}, 1, mean_of(values), {.level = 1}), InputError);
}

TEST(Bootstrap, QuantilesAreNumPys) {
  const std::vector<double> values{1, 2, 4, 8};
  EXPECT_DOUBLE_EQ(quantile(values, 0), 1);
  EXPECT_DOUBLE_EQ(quantile(values, 0.025), 1.075);
  EXPECT_DOUBLE_EQ(quantile(values, 0.5), 3);
  EXPECT_DOUBLE_EQ(quantile(values, 1), 8);
}

}  // namespace
}  // namespace naevus::metrics
