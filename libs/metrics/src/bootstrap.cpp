#include "naevus/metrics/bootstrap.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "check.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/random.hpp"

namespace naevus::metrics {
namespace {

/// Clusters numbered from 0 in the order of their first case.
std::vector<std::uint32_t> numbered(std::size_t cases, std::span<const std::uint32_t> cluster, std::size_t& count) {
  std::vector<std::uint32_t> number(cases);
  std::map<std::uint32_t, std::uint32_t> seen;
  for (std::size_t i = 0; i < cases; ++i)
    number[i] = cluster.empty() ? static_cast<std::uint32_t>(i)
                                : seen.try_emplace(cluster[i], static_cast<std::uint32_t>(seen.size())).first->second;
  count = cluster.empty() ? cases : seen.size();
  return number;
}

std::optional<Interval> percentile_interval(std::vector<double> values, const BootstrapOptions& options) {
  if (values.empty() || 2 * values.size() < static_cast<std::size_t>(options.resamples)) return std::nullopt;
  std::sort(values.begin(), values.end());
  const double tail = (1 - options.level) / 2;
  return Interval{quantile(values, tail), quantile(values, 1 - tail)};
}

}  // namespace

double quantile(std::span<const double> sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return std::lerp(sorted[below], sorted[above], place - static_cast<double>(below));
}

std::vector<std::optional<Interval>> bootstrap(std::size_t cases, std::span<const std::uint32_t> cluster,
                                               std::size_t scores, const Statistic& statistic,
                                               const BootstrapOptions& options) {
  if (!cluster.empty()) check::same_length(cases, cluster.size(), "cases and clusters");
  if (options.resamples < 1) throw InputError("there must be at least one resample");
  if (!(options.level > 0 && options.level < 1)) throw InputError("the level must lie between 0 and 1");
  if (cases == 0) return std::vector<std::optional<Interval>>(scores);

  std::size_t clusters = 0;
  const std::vector<std::uint32_t> number = numbered(cases, cluster, clusters);
  std::vector<std::uint32_t> drawn(clusters), weight(cases);
  std::vector<std::optional<double>> value(scores);
  std::vector<std::vector<double>> values(scores);
  for (int resample = 0; resample < options.resamples; ++resample) {
    Random random(options.seed, {static_cast<std::uint64_t>(resample)});
    std::fill(drawn.begin(), drawn.end(), 0U);
    for (std::size_t i = 0; i < clusters; ++i) ++drawn[random.below(clusters)];
    for (std::size_t i = 0; i < cases; ++i) weight[i] = drawn[number[i]];
    std::fill(value.begin(), value.end(), std::nullopt);
    statistic(weight, value);
    for (std::size_t i = 0; i < scores; ++i)
      if (value[i]) values[i].push_back(*value[i]);
  }
  std::vector<std::optional<Interval>> intervals;
  for (auto& list : values) intervals.push_back(percentile_interval(std::move(list), options));
  return intervals;
}

}  // namespace naevus::metrics
