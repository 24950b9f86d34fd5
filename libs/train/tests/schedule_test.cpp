#include "schedule.hpp"

#include <gtest/gtest.h>

namespace naevus::train {
namespace {

TEST(Schedule, RisesInEqualStepsToTheFullRate) {
  const Config config{.epochs = 5, .warmup = 1, .schedule = "cosine"};
  EXPECT_DOUBLE_EQ(schedule_factor(config, 0, 4), 0.25);
  EXPECT_DOUBLE_EQ(schedule_factor(config, 1, 4), 0.5);
  EXPECT_DOUBLE_EQ(schedule_factor(config, 3, 4), 1);
  EXPECT_DOUBLE_EQ(schedule_factor(config, 4, 4), 1);
}

TEST(Schedule, CosineFallsToHalfInTheMiddleAndToNothing) {
  const Config config{.epochs = 5, .warmup = 1, .schedule = "cosine"};  // warm for 4 steps of 20
  EXPECT_NEAR(schedule_factor(config, 8, 4), 0.853553390593, 1e-12);    // (1 + cos(pi / 4)) / 2
  EXPECT_NEAR(schedule_factor(config, 12, 4), 0.5, 1e-12);
  EXPECT_NEAR(schedule_factor(config, 19, 4), 0.009607359798, 1e-12);  // (1 + cos(15 pi / 16)) / 2
  EXPECT_NEAR(schedule_factor(config, 20, 4), 0, 1e-12);
}

TEST(Schedule, StaysAtTheFullRateWhereNothingElseIsAsked) {
  for (const char* kind : {"constant", "plateau"}) {
    const Config config{.epochs = 3, .warmup = 0, .schedule = kind};
    for (std::uint64_t step = 0; step < 12; ++step) EXPECT_EQ(schedule_factor(config, step, 4), 1) << kind;
  }
}

TEST(Schedule, NeverLeavesZeroToOneWhateverTheWarmUp) {
  for (const double warmup : {0.0, 0.1, 0.5, 1.7, 3.0, 100.0}) {
    const Config config{.epochs = 3, .warmup = warmup, .schedule = "cosine"};
    for (std::uint64_t step = 0; step < 21; ++step) {
      const double factor = schedule_factor(config, step, 7);
      EXPECT_GT(factor, 0) << "step " << step << ", warm-up " << warmup;
      EXPECT_LE(factor, 1) << "step " << step << ", warm-up " << warmup;
    }
  }
}

TEST(Plateau, FallsAfterThreeEpochsWithoutABetterScore) {
  Plateau plateau;
  const auto after = [&](bool better) {
    plateau.after_epoch(better);
    return plateau.factor;
  };
  EXPECT_EQ(after(true), 1);
  EXPECT_EQ(after(false), 1);
  EXPECT_EQ(after(false), 1);
  EXPECT_EQ(after(true), 1);  // counts anew
  EXPECT_EQ(after(false), 1);
  EXPECT_EQ(after(false), 1);
  EXPECT_DOUBLE_EQ(after(false), 0.3);
  EXPECT_DOUBLE_EQ(after(false), 0.3);
  EXPECT_DOUBLE_EQ(after(false), 0.3);
  EXPECT_DOUBLE_EQ(after(false), 0.09);
}

}  // namespace
}  // namespace naevus::train
