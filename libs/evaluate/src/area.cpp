#include "area.hpp"

#include <set>

#include "naevus/metrics/auc_inference.hpp"
#include "naevus/metrics/roc.hpp"

namespace naevus::evaluate {

KindCounts count_kinds(std::span<const std::uint8_t> positive, std::span<const std::uint32_t> cluster) {
  std::set<std::uint32_t> with_positives, with_negatives;
  for (std::size_t i = 0; i < positive.size(); ++i)
    (positive[i] != 0 ? with_positives : with_negatives)
        .insert(cluster.empty() ? static_cast<std::uint32_t>(i) : cluster[i]);
  return {with_positives.size(), with_negatives.size()};
}

Estimate area(std::span<const double> score, std::span<const std::uint8_t> positive,
              std::span<const std::uint32_t> cluster, double level) {
  Estimate result{metrics::roc_auc(score, positive), std::nullopt, Method::none};
  if (!result.value) return result;
  const auto estimate = metrics::estimate_auc(score, positive, cluster);
  if (estimate && estimate->variance > 0) result.interval = metrics::auc_logit_interval(*estimate, level);
  if (result.interval) {
    result.method = cluster.empty() ? Method::delong : Method::obuchowski;
    return result;
  }
  const KindCounts kinds = count_kinds(positive, cluster);
  result.interval = metrics::newcombe_auc_interval(*result.value, kinds.positives, kinds.negatives, level);
  result.method = Method::newcombe;
  return result;
}

}  // namespace naevus::evaluate
