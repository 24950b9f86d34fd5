#pragma once
#include <cstdint>
#include <span>

#include "naevus/evaluate/estimate.hpp"

namespace naevus::evaluate {

/// How many cases, or clusters of them, there are of a kind.
struct KindCounts {
  std::uint64_t positives = 0, negatives = 0;
};
/// @param cluster  of each case; empty: every case by itself
KindCounts count_kinds(std::span<const std::uint8_t> positive, std::span<const std::uint32_t> cluster);

/// DeLong's interval on the logit scale; where cases come in clusters, with Obuchowski's variance. Where that says
/// nothing (every pair is in order, or there is one positive case) Newcombe's, clusters counting as cases.
Estimate area(std::span<const double> score, std::span<const std::uint8_t> positive,
              std::span<const std::uint32_t> cluster, double level);

}  // namespace naevus::evaluate
