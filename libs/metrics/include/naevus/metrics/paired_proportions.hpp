#pragma once
#include <cstdint>
#include <optional>

#include "naevus/metrics/interval.hpp"

namespace naevus::metrics {

/// How two raters did on the same independent cases.
struct PairedCounts {
  std::uint64_t both = 0;         ///< cases that both get right
  std::uint64_t only_first = 0;   ///< that only the first gets right
  std::uint64_t only_second = 0;  ///< that only the second gets right
  std::uint64_t neither = 0;
};

/// Interval of the first's share of right cases less the second's: Wilson's intervals of the two, joined with regard to
/// their correlation (Newcombe 1998, Statistics in Medicine 17:2635, method 10). Lies in [-1, 1]. Nothing without
/// cases.
/// @param level  in (0, 1)   @throws InputError if it is not
std::optional<Interval> paired_difference_interval(const PairedCounts& counts, double level = 0.95);

}  // namespace naevus::metrics
