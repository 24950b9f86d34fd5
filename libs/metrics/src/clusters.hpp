#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace naevus::metrics {

/// Which cases belong together.
struct Clusters {
  std::vector<std::uint32_t> of;  ///< each case's cluster, numbered from 0 in the order of their first cases
  std::size_t count = 0;
};

/// @param cluster  any numbers, shape [cases]; empty: every case by itself
/// @throws InputError if the shapes differ
Clusters numbered_clusters(std::size_t cases, std::span<const std::uint32_t> cluster);

}  // namespace naevus::metrics
