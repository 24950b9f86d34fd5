#include "naevus/metrics/paired_proportions.hpp"

#include <gtest/gtest.h>

#include "naevus/base/error.hpp"
#include "naevus/base/random.hpp"

namespace naevus::metrics {
namespace {

// Altman et al. 2000, Statistics with confidence, 2nd edition, p. 53: 0.011 to 0.226.
TEST(PairedDifference, IsThatOfAltmansExample) {
  const auto interval = paired_difference_interval({.both = 14, .only_first = 5, .only_second = 0, .neither = 22});
  EXPECT_NEAR(interval->low, 0.011, 0.0005);
  EXPECT_NEAR(interval->high, 0.226, 0.0005);
}

// Newcombe 1998, table II, method 10: 0.0569 to 0.3404.
TEST(PairedDifference, IsThatOfNewcombesExample) {
  const auto interval = paired_difference_interval({.both = 36, .only_first = 12, .only_second = 2, .neither = 0});
  EXPECT_NEAR(interval->low, 0.0569, 0.00005);
  EXPECT_NEAR(interval->high, 0.3404, 0.00005);
}

// Fagerland, Lydersen & Laake 2014, airway hyper-responsiveness: -0.507 to -0.026.
TEST(PairedDifference, IsThatOfFagerlandsExample) {
  const auto interval = paired_difference_interval({.both = 1, .only_first = 1, .only_second = 7, .neither = 12});
  EXPECT_NEAR(interval->low, -0.507, 0.0005);
  EXPECT_NEAR(interval->high, -0.026, 0.0005);
}

TEST(PairedDifference, TurnsItsSignWithTheRatersAndHoldsTheDifference) {
  Random random(3);
  for (int k = 0; k < 500; ++k) {
    const PairedCounts counts{random.below(20), random.below(20), random.below(20), random.below(20)};
    const auto interval = paired_difference_interval(counts);
    const auto cases = static_cast<double>(counts.both + counts.only_first + counts.only_second + counts.neither);
    if (cases == 0) continue;
    const double difference =
        (static_cast<double>(counts.only_first) - static_cast<double>(counts.only_second)) / cases;
    EXPECT_LE(interval->low, difference + 1e-12);
    EXPECT_GE(interval->high, difference - 1e-12);
    EXPECT_GE(interval->low, -1 - 1e-12);
    EXPECT_LE(interval->high, 1 + 1e-12);
    const auto turned =
        paired_difference_interval({counts.both, counts.only_second, counts.only_first, counts.neither});
    EXPECT_NEAR(turned->low, -interval->high, 1e-12);
    EXPECT_NEAR(turned->high, -interval->low, 1e-12);
  }
}

TEST(PairedDifference, NeedsCasesAndALevel) {
  EXPECT_FALSE(paired_difference_interval({}));
  EXPECT_THROW(paired_difference_interval({.both = 1}, 1.5), InputError);
}

}  // namespace
}  // namespace naevus::metrics
