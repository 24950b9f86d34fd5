#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace naevus::metrics {

/// Indices of the scores from the highest to the lowest; equal ones in the order they came in.
/// @throws InputError if a score is not finite, or there are more than 2^32 - 1
std::vector<std::uint32_t> by_falling_score(std::span<const double> score);

}  // namespace naevus::metrics
