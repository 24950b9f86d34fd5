#pragma once
#include <cstdint>
#include <optional>

#include "naevus/metrics/interval.hpp"

// Intervals of a proportion: sensitivity, specificity, accuracy of independent cases. Where cases come in clusters they
// are too narrow: bootstrap by cluster.
namespace naevus::metrics {

/// Wilson's score interval without continuity correction (Wilson 1927; recommended by Brown, Cai & DasGupta 2001).
/// Nothing without cases.
/// @param level  in (0, 1)
/// @throws InputError if there are more successes than cases, or the level is out of range
std::optional<Interval> wilson_interval(std::uint64_t successes, std::uint64_t cases, double level = 0.95);

/// Clopper & Pearson's exact interval (1934): covers at least `level`, and so is wider. @throws as wilson_interval
std::optional<Interval> clopper_pearson_interval(std::uint64_t successes, std::uint64_t cases, double level = 0.95);

/// When a proportion says something: the half-width of its Wilson interval.
struct Precision {
  double half_width = 0.1;  ///< in (0, 0.5)
  double level = 0.95;      ///< in (0, 1)
};

/// The smallest number of cases with which every proportion is that precise: the widest Wilson interval is that of one
/// half, z / (2 sqrt(n + z^2)) to each side. 93 cases for 10 percentage points at 95 %.
/// @throws InputError if an option is out of range
std::uint64_t cases_needed(const Precision& precision = {});

/// True where the proportion's Wilson interval is wider than that, or there are no cases: a reader has to be warned.
/// @throws as wilson_interval and cases_needed
bool too_few_cases(std::uint64_t successes, std::uint64_t cases, const Precision& precision = {});

}  // namespace naevus::metrics
