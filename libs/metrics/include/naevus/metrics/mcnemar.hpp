#pragma once
#include <cstdint>
#include <span>

namespace naevus::metrics {

/// Whether two raters of the same independent cases are right equally often (McNemar 1947); what both get right or both
/// get wrong does not count. Every p-value is two-sided, and 1 where no case tells them apart.
struct McNemar {
  std::uint64_t only_first = 0, only_second = 0;  ///< cases that only this one gets right
  double exact_p = 1;                             ///< binomial; never too small, and so somewhat too large
  double mid_p = 1;                               ///< the exact one less half of what was seen (Fagerland et al. 2013)
  double chi_squared = 0, chi_squared_p = 1;      ///< with Edwards' continuity correction (1948); for 25 cases and more
};

McNemar mcnemar_test(std::uint64_t only_first, std::uint64_t only_second);

/// @param first_right, second_right  1 where it is right; shape [n]
/// @throws InputError if the shapes differ
McNemar mcnemar_test(std::span<const std::uint8_t> first_right, std::span<const std::uint8_t> second_right);

}  // namespace naevus::metrics
