#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace naevus::metrics {

/// How far a distribution has moved from another.
struct Stability {
  double psi = 0;       ///< population stability index, 0 or above; by custom below 0.1 stable, above 0.25 shifted
  double expected = 0;  ///< its mean where nothing has moved and both are samples of their sizes
  double p_value = 1;   ///< how likely it is then at least as large
};

/// The population stability index, sum of (current - reference) * ln(current / reference) over the bins' shares
/// (Siddiqi 2006, "Credit Risk Scorecards", with its bands; the symmetric divergence of Kullback & Leibler 1951). Half
/// a case is added to each bin, so that an empty one counts for what its sample can show. Without a change psi / (1 / m
/// + 1 / n) follows a chi-square of bins - 1 degrees of freedom (Yurdakul & Naranjo 2020, "Statistical properties of
/// the population stability index"), which tells a few cases' chance from a shift: with samples of 30 and more the
/// p-value errs on the side of no shift.
/// @param reference, current  how many cases fall in each bin; shape [bins]
/// @return nothing with fewer than two bins, or where one of the two has no case
/// @throws InputError if the shapes differ
std::optional<Stability> population_stability(std::span<const std::uint64_t> reference,
                                              std::span<const std::uint64_t> current);

/// The inner edges of bins that hold about equally many of the values, each one of the values (the higher of the two
/// about its quantile): fewer where equal values would share two bins, so that no bin is empty.
/// @param values  finite; may be empty
/// @param bins    2 or more
/// @throws InputError if a value is not finite or there are fewer than two bins
std::vector<double> quantile_edges(std::span<const double> values, std::size_t bins = 10);

/// How many values lie in each bin; one that equals an edge lies above it.
/// @param edges  rising   @return [edges + 1]
std::vector<std::uint64_t> histogram(std::span<const double> values, std::span<const double> edges);

}  // namespace naevus::metrics
