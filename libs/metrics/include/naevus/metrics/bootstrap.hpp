#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "naevus/metrics/interval.hpp"

namespace naevus::metrics {

struct BootstrapOptions {
  int resamples = 2000;
  double level = 0.95;     ///< in (0, 1)
  std::uint64_t seed = 1;  ///< the same seed gives the same intervals
  int threads = 0;         ///< 0: all cores; the result does not depend on it
};

/// Computes scores of one resample; called from several threads at once. What needs the cases' order is sorted before
/// and only counted here: RankedScores, SortedCalls.
/// @param weight  how often each case was drawn; shape [cases]
/// @param value   the scores to fill in; left empty where a score does not exist in this resample
using Statistic = std::function<void(std::span<const std::uint32_t> weight, std::span<std::optional<double>> value)>;

/// Percentile bootstrap (Efron & Tibshirani 1993, ch. 13) of several scores at once: cases are drawn with replacement,
/// as many as there are; with clusters (the pictures of one lesion) whole clusters are, as many as there are. Resamples
/// in which a score does not exist do not count for it; nothing where it exists in fewer than half of them.
/// @param cluster  each case's cluster, any numbers; empty: every case by itself; shape [cases]
/// @throws InputError if the shapes differ or an option is out of range
std::vector<std::optional<Interval>> bootstrap(std::size_t cases, std::span<const std::uint32_t> cluster,
                                               std::size_t scores, const Statistic& statistic,
                                               const BootstrapOptions& options = {});

/// How far one model is ahead of another.
struct BootstrapDifference {
  Interval interval;  ///< of the first model's score minus the second's
  /// That the scores are equal, two-sided: twice the smaller share of resamples in which the difference is not above 0,
  /// or not below, each with one resample more that counts (Davison & Hinkley 1997, ch. 4), at most 1.
  double p_value = 1;
};

/// The same scores of two models on the same cases: each resample scores both (Efron & Tibshirani 1993, ch. 16).
/// Nothing for a score that both have in fewer than half of the resamples.
/// @param cluster, scores, options  as bootstrap  @throws as bootstrap
std::vector<std::optional<BootstrapDifference>> bootstrap_difference(std::size_t cases,
                                                                     std::span<const std::uint32_t> cluster,
                                                                     std::size_t scores, const Statistic& first,
                                                                     const Statistic& second,
                                                                     const BootstrapOptions& options = {});

/// Quantile by linear interpolation between order statistics (Hyndman & Fan 1996, type 7; NumPy's default).
/// @param sorted  not empty, ascending   @param share  in [0, 1]
double quantile(std::span<const double> sorted, double share);

}  // namespace naevus::metrics
