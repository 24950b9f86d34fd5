#include "naevus/metrics/paired_proportions.hpp"

#include <algorithm>
#include <cmath>

#include "naevus/metrics/proportion.hpp"

namespace naevus::metrics {
namespace {

/// The correlation of the two raters, its numerator brought half a case per case towards 0 where it is positive; 0
/// where one of them is always right or always wrong.
double correlation(const PairedCounts& counts) {
  const auto both = static_cast<double>(counts.both), only_first = static_cast<double>(counts.only_first);
  const auto only_second = static_cast<double>(counts.only_second), neither = static_cast<double>(counts.neither);
  const double margins = (both + only_first) * (only_second + neither) * (both + only_second) * (only_first + neither);
  if (margins == 0) return 0;
  const double cases = both + only_first + only_second + neither;
  const double covariance = both * neither - only_first * only_second;
  return (covariance > 0 ? std::max(0.0, covariance - cases / 2) : covariance) / std::sqrt(margins);
}

/// Length of the third side of a triangle, the cosine between the other two being the correlation.
double joined(double a, double b, double correlation) {
  return std::sqrt(std::max(0.0, a * a + b * b - 2 * correlation * a * b));
}

}  // namespace

std::optional<Interval> paired_difference_interval(const PairedCounts& counts, double level) {
  const std::uint64_t first = counts.both + counts.only_first, second = counts.both + counts.only_second;
  const std::uint64_t cases = first + counts.only_second + counts.neither;
  const auto of_first = wilson_interval(first, cases, level), of_second = wilson_interval(second, cases, level);
  if (!of_first || !of_second) return std::nullopt;
  const double p = static_cast<double>(first) / static_cast<double>(cases);
  const double q = static_cast<double>(second) / static_cast<double>(cases);
  const double phi = correlation(counts);
  return Interval{p - q - joined(p - of_first->low, of_second->high - q, phi),
                  p - q + joined(q - of_second->low, of_first->high - p, phi)};
}

}  // namespace naevus::metrics
