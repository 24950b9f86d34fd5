#include "rate.hpp"

#include <gtest/gtest.h>

namespace naevus::server {
namespace {

using namespace std::chrono_literals;

TEST(RateLimit, HoldsEachCallerToItsShare) {
  RateLimit limit(4);
  const RateLimit::Time start{};
  for (int k = 0; k < 4; ++k) EXPECT_EQ(limit.wait("ada", start), 0);
  EXPECT_NEAR(limit.wait("ada", start), 0.25, 1e-9);
  EXPECT_EQ(limit.wait("ben", start), 0);
  EXPECT_EQ(limit.wait("ada", start + 250ms), 0);
  EXPECT_GT(limit.wait("ada", start + 250ms), 0);
  for (int k = 0; k < 4; ++k) EXPECT_EQ(limit.wait("ada", start + 1h), 0);  // no more than a second's worth is saved
  EXPECT_GT(limit.wait("ada", start + 1h), 0);
}

TEST(RateLimit, OfNothingIsNone) {
  RateLimit limit(0);
  for (int k = 0; k < 1000; ++k) EXPECT_EQ(limit.wait("ada", {}), 0);
}

TEST(RateLimit, SlowerThanOneASecondLetsOneThrough) {
  RateLimit limit(0.5);
  EXPECT_EQ(limit.wait("ada", {}), 0);
  EXPECT_NEAR(limit.wait("ada", {}), 2, 1e-9);
}

}  // namespace
}  // namespace naevus::server
