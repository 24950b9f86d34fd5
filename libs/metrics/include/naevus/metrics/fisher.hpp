#pragma once
#include <cstdint>

namespace naevus::metrics {

/// So many of so many cases.
struct Share {
  std::uint32_t hits = 0, cases = 0;
};

/// Fisher's exact test (1922), one-sided: how likely two groups of independent cases with the same chance show at least
/// that many hits in the first, all hits together given. 1 where a group is empty.
/// @throws InputError if a group has more hits than cases
double fisher_greater(const Share& first, const Share& second);

}  // namespace naevus::metrics
