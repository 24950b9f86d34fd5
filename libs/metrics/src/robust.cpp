#include "naevus/metrics/robust.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "check.hpp"
#include "naevus/base/error.hpp"

namespace naevus::metrics {
namespace {

/// 1 / the upper quartile of the standard normal distribution.
constexpr double from_median_deviation = 1.482602218505602;

std::vector<double> deviations(std::span<const double> values, double centre) {
  std::vector<double> result;
  for (const double value : values) result.push_back(std::abs(value - centre));
  return result;
}

}  // namespace

double median(std::span<const double> values) {
  if (values.empty()) throw InputError("there are no values to take the median of");
  check::finite(values, "value");
  std::vector<double> sorted(values.begin(), values.end());
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  if (sorted.size() % 2 == 1) return *middle;
  return std::midpoint(*std::max_element(sorted.begin(), middle), *middle);
}

double median_absolute_deviation(std::span<const double> values) {
  return from_median_deviation * median(deviations(values, median(values)));
}

RobustScale robust_scale(std::span<const double> values) {
  RobustScale scale{.median = median(values)};
  const std::vector<double> deviation = deviations(values, scale.median);
  scale.spread = from_median_deviation * median(deviation);
  if (scale.spread == 0) {
    const double mean =
        std::accumulate(deviation.begin(), deviation.end(), 0.0) / static_cast<double>(deviation.size());
    scale.spread = mean * std::sqrt(std::numbers::pi / 2);
  }
  return scale;
}

std::vector<double> robust_z(std::span<const double> values) {
  const RobustScale scale = robust_scale(values);
  std::vector<double> z;
  for (const double value : values) z.push_back(scale.spread > 0 ? (value - scale.median) / scale.spread : 0);
  return z;
}

std::vector<std::size_t> robust_outliers(std::span<const double> values, double limit) {
  const std::vector<double> z = robust_z(values);
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < z.size(); ++i)
    if (std::abs(z[i]) > limit) found.push_back(i);
  return found;
}

}  // namespace naevus::metrics
