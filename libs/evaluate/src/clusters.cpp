#include "naevus/evaluate/clusters.hpp"

#include <map>
#include <utility>

namespace naevus::evaluate {
namespace {

CaseClusters by(const std::vector<Case>& cases, std::string Case::* id, const char* unit) {
  CaseClusters clusters{.of = {}, .unit = unit};
  std::map<std::string, std::uint32_t> known;
  std::uint32_t next = 0;
  for (const Case& item : cases) {
    if ((item.*id).empty()) {
      clusters.of.push_back(next++);
      continue;
    }
    const auto [found, fresh] = known.try_emplace(item.*id, next);
    if (fresh) ++next;
    clusters.of.push_back(found->second);
  }
  clusters.count = next;
  return clusters;
}

}  // namespace

CaseClusters cluster_cases(const std::vector<Case>& cases) {
  for (const auto& [id, unit] : {std::pair(&Case::patient_id, "patients"), std::pair(&Case::lesion_id, "lesions")})
    if (CaseClusters clusters = by(cases, id, unit); clusters.count < cases.size()) return clusters;
  return {.of = {}, .unit = "pictures", .count = cases.size()};
}

}  // namespace naevus::evaluate
