#include "naevus/registry/agreement.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace naevus::registry {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

/// That many predictions which `a` and `b` name so, and the model as `b`.
void add(std::vector<store::Reading>& readings, int cases, const std::string& a, const std::string& b) {
  for (int i = 0; i < cases; ++i) {
    const std::string prediction = std::to_string(readings.size());
    readings.push_back({.prediction = prediction, .reader = "a", .label = a, .predicted_class = b});
    readings.push_back({.prediction = prediction, .reader = "b", .label = b, .predicted_class = b});
  }
}

metrics::Agreement kappa_of(const Concordance& concordance) {
  EXPECT_TRUE(concordance.kappa);
  return concordance.kappa.value_or(metrics::Agreement{});
}

TEST(Agreement, OfTwoReadersIsCohensKappa) {
  // 50 grant proposals, each read by two: both yes 20, both no 15, only a yes 5, only b yes 10. By hand: observed 0.7,
  // expected 0.5 · 0.6 + 0.5 · 0.4 = 0.5.
  std::vector<store::Reading> readings;
  add(readings, 20, "yes", "yes");
  add(readings, 5, "yes", "no");
  add(readings, 10, "no", "yes");
  add(readings, 15, "no", "no");
  const auto found = readers_agreement(readings);
  ASSERT_EQ(found.pairs.size(), 1U);
  EXPECT_EQ(found.pairs[0].first, "a");
  EXPECT_EQ(found.pairs[0].second, "b");
  const Concordance& pair = found.pairs[0].concordance;
  EXPECT_EQ(pair.cases, 50U);
  EXPECT_DOUBLE_EQ(pair.observed, 0.7);
  const metrics::Agreement kappa = kappa_of(pair);
  EXPECT_NEAR(kappa.expected, 0.5, 1e-12);
  EXPECT_NEAR(kappa.kappa, 0.4, 1e-12);
  EXPECT_LT(kappa.interval.low, 0.4);
  EXPECT_GT(kappa.interval.high, 0.4);

  ASSERT_EQ(found.readers.size(), 2U);
  EXPECT_EQ(found.readers[0].reader, "a");
  EXPECT_NEAR(kappa_of(found.readers[0].with_model).kappa, 0.4, 1e-12);
  EXPECT_EQ(found.readers[1].with_model.cases, 50U);
  EXPECT_DOUBLE_EQ(kappa_of(found.readers[1].with_model).kappa, 1);
  EXPECT_THAT(found.labels, ElementsAre(Pair("no", 45), Pair("yes", 55)));
}

TEST(Agreement, CountsOnlyWhatBothHaveRead) {
  const std::vector<store::Reading> readings{{"1", "a", "mel", "nv"}, {"2", "a", "nv", "nv"},  {"2", "b", "mel", "nv"},
                                             {"3", "b", "nv", "nv"},  {"3", "c", "nv", "mel"}, {"4", "a", "mel", "mel"},
                                             {"4", "b", "mel", "mel"}};
  const auto found = readers_agreement(readings);
  ASSERT_EQ(found.pairs.size(), 2U);
  EXPECT_EQ(found.pairs[0].first + found.pairs[0].second, "ab");
  EXPECT_EQ(found.pairs[0].concordance.cases, 2U);
  EXPECT_DOUBLE_EQ(found.pairs[0].concordance.observed, 0.5);
  EXPECT_EQ(found.pairs[1].first + found.pairs[1].second, "bc");
  EXPECT_EQ(found.pairs[1].concordance.cases, 1U);
  EXPECT_DOUBLE_EQ(found.pairs[1].concordance.observed, 1);
  EXPECT_FALSE(found.pairs[1].concordance.kappa) << "both gave every case the same single label";
}

TEST(Agreement, ComparesThoseWithMostReadings) {
  std::vector<store::Reading> readings{{"1", "x", "mel", "nv"}};
  for (const char* reader : {"a", "b"})
    for (const char* prediction : {"1", "2"}) readings.push_back({prediction, reader, "mel", "mel"});
  const auto found = readers_agreement(readings, 2);
  EXPECT_EQ(found.readers_left_out, 1U);
  EXPECT_EQ(found.readers.size(), 2U);
  EXPECT_EQ(found.pairs.size(), 1U);
  EXPECT_EQ(found.labels.at("mel"), 5U);
  const auto none = readers_agreement({});
  EXPECT_THAT(none.readers, IsEmpty());
  EXPECT_THAT(none.pairs, IsEmpty());
}

}  // namespace
}  // namespace naevus::registry
