#pragma once
#include <cstddef>
#include <span>
#include <vector>

namespace naevus::metrics {

/// Median; the mean of the two middle values for an even number of them.
/// @throws InputError if there are no values or one is not finite
double median(std::span<const double> values);

/// Centre and spread that a few wild values do not move.
struct RobustScale {
  double median = 0;
  /// Estimates a normal distribution's standard deviation; 0 only where all values are equal. The median absolute
  /// deviation times 1.4826 (1 / the normal's upper quartile); where that is 0, because more than half the values are
  /// equal, the mean absolute deviation times 1.2533 (Iglewicz & Hoaglin 1993).
  double spread = 0;
};
/// @throws as median
RobustScale robust_scale(std::span<const double> values);

/// The median absolute deviation from the median, times 1.4826.
/// @throws as median
double median_absolute_deviation(std::span<const double> values);

/// (value - median) / spread; zeros where all values are equal. shape [n]
/// @throws as median
std::vector<double> robust_z(std::span<const double> values);

/// Indices, ascending, of the values with |robust z| above the limit. 3.5 is Iglewicz & Hoaglin's (1993).
/// @throws as median
std::vector<std::size_t> robust_outliers(std::span<const double> values, double limit = 3.5);

}  // namespace naevus::metrics
