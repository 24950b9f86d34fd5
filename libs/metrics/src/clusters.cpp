#include "clusters.hpp"

#include <numeric>
#include <unordered_map>

#include "check.hpp"

namespace naevus::metrics {

Clusters numbered_clusters(std::size_t cases, std::span<const std::uint32_t> cluster) {
  Clusters result{std::vector<std::uint32_t>(cases), cases};
  if (cluster.empty()) {
    std::iota(result.of.begin(), result.of.end(), 0U);
    return result;
  }
  check::same_length(cases, cluster.size(), "cases and clusters");
  std::unordered_map<std::uint32_t, std::uint32_t> seen;
  for (std::size_t i = 0; i < cases; ++i)
    result.of[i] = seen.try_emplace(cluster[i], static_cast<std::uint32_t>(seen.size())).first->second;
  result.count = seen.size();
  return result;
}

}  // namespace naevus::metrics
