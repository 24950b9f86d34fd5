#include "naevus/metrics/stability.hpp"

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <cmath>
#include <numeric>

#include "check.hpp"
#include "naevus/base/error.hpp"

namespace naevus::metrics {

std::optional<Stability> population_stability(std::span<const std::uint64_t> reference,
                                              std::span<const std::uint64_t> current) {
  check::same_length(reference.size(), current.size(), "the two histograms");
  const auto sum = [](std::span<const std::uint64_t> counts) {
    return static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}));
  };
  const double m = sum(reference), n = sum(current);
  if (reference.size() < 2 || m == 0 || n == 0) return std::nullopt;
  constexpr double added = 0.5;
  const auto bins = static_cast<double>(reference.size());
  Stability result;
  for (std::size_t i = 0; i < reference.size(); ++i) {
    const double before = (static_cast<double>(reference[i]) + added) / (m + added * bins);
    const double now = (static_cast<double>(current[i]) + added) / (n + added * bins);
    result.psi += (now - before) * std::log(now / before);
  }
  const double scale = 1 / m + 1 / n;
  result.expected = (bins - 1) * scale;
  result.p_value = cdf(complement(boost::math::chi_squared(bins - 1), result.psi / scale));
  return result;
}

std::vector<double> quantile_edges(std::span<const double> values, std::size_t bins) {
  check::finite(values, "the values");
  if (bins < 2) throw InputError("there must be two bins or more");
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  std::vector<double> edges;
  if (sorted.empty()) return edges;
  for (std::size_t i = 1; i < bins; ++i) {
    const double edge = sorted[(i * (sorted.size() - 1) + bins - 1) / bins];
    if (edge > (edges.empty() ? sorted.front() : edges.back())) edges.push_back(edge);
  }
  return edges;
}

std::vector<std::uint64_t> histogram(std::span<const double> values, std::span<const double> edges) {
  std::vector<std::uint64_t> counts(edges.size() + 1);
  for (const double value : values)
    ++counts[static_cast<std::size_t>(std::upper_bound(edges.begin(), edges.end(), value) - edges.begin())];
  return counts;
}

}  // namespace naevus::metrics
