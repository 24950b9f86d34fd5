#pragma once

namespace naevus::metrics {

/// A confidence interval.
struct Interval {
  double low = 0, high = 0;
};

}  // namespace naevus::metrics
