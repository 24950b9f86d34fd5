#pragma once
#include <string>
#include <vector>

#include "naevus/clean/measure.hpp"

namespace naevus::clean {

/// From where on a measured quality is a finding.
struct Limit {
  std::string kind;
  std::string meaning;  ///< what the number is, for a person
  bool low_is_bad = true;
  double fixed = 0;  ///< beyond it a picture is found in any set
  double loose = 0;  ///< beyond it a picture is found if it lies far out in its own set too (outlying_spreads)
  double (*value)(const Measurement&) = nullptr;
};

/// Robust standard deviations from the set's median.
inline constexpr double outlying_spreads = 4;

/// Of all kinds that have one.
const std::vector<Limit>& limits();
bool has_limit(const std::string& kind);

}  // namespace naevus::clean
