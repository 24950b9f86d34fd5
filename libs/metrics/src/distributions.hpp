#pragma once
#include <cstdint>

namespace naevus::metrics {

/// The z above which half of (1 - level) of a standard normal lies.
/// @throws InputError if the level does not lie between 0 and 1
double two_sided_z(double level);

/// How likely a standard normal is at least that far from 0.
double two_sided_p(double z);

/// How likely a binomial of that many trials with chance one half is at most k, and exactly k.
double fair_binomial_at_most(std::uint64_t k, std::uint64_t trials);
double fair_binomial_exactly(std::uint64_t k, std::uint64_t trials);

/// Quantile of a beta distribution.
double beta_quantile(double a, double b, double share);

}  // namespace naevus::metrics
