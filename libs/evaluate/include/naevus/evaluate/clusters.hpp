#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "naevus/evaluate/predictions.hpp"

namespace naevus::evaluate {

/// Which cases are not independent of each other.
struct CaseClusters {
  std::vector<std::uint32_t> of;  ///< each case's; empty where every case stands by itself; shape [cases]
  std::string unit;               ///< "patients", "lesions" or "pictures"
  std::size_t count = 0;          ///< of units

  bool clustered() const { return !of.empty(); }
};

/// Patients if one of them has several pictures, else lesions if one has, else pictures. A case without an id stands by
/// itself.
CaseClusters cluster_cases(const std::vector<Case>& cases);

}  // namespace naevus::evaluate
