#include "naevus/metrics/proportion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "check.hpp"
#include "distributions.hpp"
#include "naevus/base/error.hpp"

namespace naevus::metrics {
namespace {

void check_counts(std::uint64_t successes, std::uint64_t cases) {
  if (successes > cases) throw InputError(fmt::format("{} successes of {} cases", successes, cases));
}

double z_of(const Precision& precision) {
  if (!(precision.half_width > 0 && precision.half_width < 0.5))
    throw InputError(fmt::format("the half-width {} does not lie between 0 and 0.5", precision.half_width));
  return two_sided_z(precision.level);
}

}  // namespace

std::optional<Interval> wilson_interval(std::uint64_t successes, std::uint64_t cases, double level) {
  check_counts(successes, cases);
  const double z = two_sided_z(level);
  if (cases == 0) return std::nullopt;
  const auto n = static_cast<double>(cases);
  const double p = static_cast<double>(successes) / n, shrink = 1 + z * z / n;
  const double middle = (p + z * z / (2 * n)) / shrink;
  const double half = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / shrink;
  return Interval{successes == 0 ? 0 : std::max(0.0, middle - half),
                  successes == cases ? 1 : std::min(1.0, middle + half)};
}

std::optional<Interval> clopper_pearson_interval(std::uint64_t successes, std::uint64_t cases, double level) {
  check_counts(successes, cases);
  check::open_share(level, "the level");
  const double tail = (1 - level) / 2;
  if (cases == 0) return std::nullopt;
  const auto hits = static_cast<double>(successes), misses = static_cast<double>(cases - successes);
  return Interval{successes == 0 ? 0 : beta_quantile(hits, misses + 1, tail),
                  successes == cases ? 1 : beta_quantile(hits + 1, misses, 1 - tail)};
}

std::uint64_t cases_needed(const Precision& precision) {
  const double z = z_of(precision);
  const double exact = z * z * (1 / (4 * precision.half_width * precision.half_width) - 1);
  return static_cast<std::uint64_t>(std::max(1.0, std::ceil(exact)));
}

bool too_few_cases(std::uint64_t successes, std::uint64_t cases, const Precision& precision) {
  z_of(precision);
  const auto interval = wilson_interval(successes, cases, precision.level);
  return !interval || interval->high - interval->low > 2 * precision.half_width;
}

}  // namespace naevus::metrics
