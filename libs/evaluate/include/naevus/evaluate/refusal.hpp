#pragma once
#include <optional>
#include <string>
#include <vector>

#include "naevus/evaluate/estimate.hpp"
#include "naevus/metrics/refusal.hpp"

namespace naevus::evaluate {

/// What answering only the pictures is worth that a score puts first.
struct Answering {
  std::string by;  ///< "confidence": the most likely class's probability; "ood_score": how like the training pictures
  metrics::RiskCoverage curve;
  Estimate area;                   ///< under it: mean risk
  std::vector<double> coverage;    ///< at least 1, 0.9, ..., 0.5: equal scores are answered together
  std::vector<Estimate> accuracy;  ///< of the answered at that coverage
};

/// What the model's own limit of the out-of-distribution score does here.
struct LimitOutcome {
  double limit = 0;
  Estimate refused;                              ///< share of the pictures
  Estimate accuracy_answered, accuracy_refused;  ///< if they were answered nonetheless
};

struct Refusal {
  std::vector<Answering> answering;
  std::optional<LimitOutcome> limit;
};

}  // namespace naevus::evaluate
