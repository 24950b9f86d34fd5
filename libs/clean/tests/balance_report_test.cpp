#include "naevus/clean/balance_report.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "naevus/dataset/balance.hpp"

namespace naevus::clean {
namespace {

dataset::Manifest set_of(const std::map<std::string, int>& counts) {
  dataset::Manifest manifest;
  for (const auto& [label, count] : counts)
    for (int i = 0; i < count; ++i)
      manifest.entries.push_back({.image = label + std::to_string(i),
                                  .label = label,
                                  .lesion_id = label == "nv" ? "L" + std::to_string(i / 2) : ""});
  return manifest;
}

TEST(BalanceReport, CountsImagesAndLesions) {
  const Balance found = balance(set_of({{"nv", 900}, {"mel", 90}, {"df", 10}}));
  ASSERT_EQ(found.classes.size(), 3U);
  EXPECT_EQ(found.images, 1000U);
  EXPECT_EQ(found.imbalance_ratio, 90);
  EXPECT_EQ(found.classes[0].label, "df");
  EXPECT_EQ(found.classes[2].images, 900U);
  EXPECT_EQ(found.classes[2].lesions, 450U);
  EXPECT_EQ(found.classes[1].lesions, 90U);  // without ids each image counts
  EXPECT_NEAR(found.classes[2].share, 0.9, 1e-12);
}

TEST(BalanceReport, TheEffectiveNumberIsAGeometricSum) {
  // 1 + beta + beta² + …: each image is worth a little less than the one before.
  const Balance found = balance(set_of({{"nv", 900}, {"mel", 3}, {"df", 1}}));
  EXPECT_NEAR(found.classes[0].effective_number, 1, 1e-9);
  EXPECT_NEAR(found.classes[1].effective_number, 1 + 0.999 + 0.999 * 0.999, 1e-9);
  EXPECT_LT(found.classes[2].effective_number, 1 / (1 - 0.999));
}

TEST(BalanceReport, TellsWhatTrainingDoes) {
  const Balance found = balance(set_of({{"nv", 900}, {"mel", 90}, {"df", 10}}));
  std::vector<int> labels(10, 0);
  labels.insert(labels.end(), 90, 1);
  labels.insert(labels.end(), 900, 2);
  const auto plan = dataset::sampling_plan(labels, 3, 1, labels.size(), Random(1));
  std::vector<double> shown(3);
  for (const std::size_t index : plan) ++shown[static_cast<std::size_t>(labels[index])];
  double sum = 0;
  for (std::size_t c = 0; c < 3; ++c) {
    const ClassBalance& one = found.classes[c];
    EXPECT_NEAR(one.sampling_share * 1000, shown[c], 1);
    EXPECT_NEAR(one.shown_per_epoch, shown[c] / static_cast<double>(one.images), 0.1);
    // Every class weighs the same in the loss, and is as likely as any after the adjustment is taken off.
    EXPECT_NEAR(one.loss_weight * static_cast<double>(one.images), 1000.0 / 3, 1e-9);
    sum += std::exp(one.logit_adjustment);
  }
  EXPECT_NEAR(sum, 1, 1e-12);
}

TEST(BalanceReport, CountsTheTrainingPartWhereThereIsOne) {
  dataset::Manifest manifest = set_of({{"nv", 30}, {"mel", 20}});
  for (std::size_t i = 0; i < 20; ++i) manifest.entries[i].part = dataset::Part::test;
  for (std::size_t i = 20; i < 50; ++i) manifest.entries[i].part = dataset::Part::train;
  const Balance found = balance(manifest);
  ASSERT_EQ(found.classes.size(), 1U);
  EXPECT_EQ(found.classes[0].images, 30U);
  EXPECT_TRUE(balance(dataset::Manifest{}).classes.empty());
}

}  // namespace
}  // namespace naevus::clean
