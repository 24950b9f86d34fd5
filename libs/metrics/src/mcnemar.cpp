#include "naevus/metrics/mcnemar.hpp"

#include <algorithm>
#include <cmath>

#include "check.hpp"
#include "distributions.hpp"

namespace naevus::metrics {

McNemar mcnemar_test(std::uint64_t only_first, std::uint64_t only_second) {
  McNemar result{.only_first = only_first, .only_second = only_second};
  const std::uint64_t fewer = std::min(only_first, only_second), both = only_first + only_second;
  if (both == 0) return result;
  const double seen = fair_binomial_exactly(fewer, both);
  if (only_first == only_second) {
    result.mid_p = 1 - seen / 2;
  } else {
    result.exact_p = std::min(1.0, 2 * fair_binomial_at_most(fewer, both));
    result.mid_p = 2 * fair_binomial_at_most(fewer, both) - seen;
  }
  // The correction takes one from the difference, but not more than there is.
  const double gap = std::max(0.0, static_cast<double>(both - 2 * fewer) - 1);
  result.chi_squared = gap * gap / static_cast<double>(both);
  result.chi_squared_p = two_sided_p(std::sqrt(result.chi_squared));
  return result;
}

McNemar mcnemar_test(std::span<const std::uint8_t> first_right, std::span<const std::uint8_t> second_right) {
  check::same_length(first_right.size(), second_right.size(), "calls of the first and of the second");
  std::uint64_t only_first = 0, only_second = 0;
  for (std::size_t i = 0; i < first_right.size(); ++i) {
    if (first_right[i] != 0 && second_right[i] == 0) ++only_first;
    if (first_right[i] == 0 && second_right[i] != 0) ++only_second;
  }
  return mcnemar_test(only_first, only_second);
}

}  // namespace naevus::metrics
