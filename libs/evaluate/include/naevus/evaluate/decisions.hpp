#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "naevus/evaluate/estimate.hpp"
#include "naevus/evaluate/predictions.hpp"
#include "naevus/metrics/decision.hpp"

namespace naevus::evaluate {

/// What calling a picture malignant at one threshold was worth here.
struct Decision {
  std::string rule;          ///< "model", "youden", "sensitivity", "specificity", "cost", "net_benefit"
  double aim = 0;            ///< as model::DecisionPoint
  bool fitted_here = false;  ///< chosen on these pictures, and so too good; else on the calibration pictures
  std::optional<double> threshold;
  std::optional<double> expected_sensitivity, expected_specificity;  ///< on the calibration pictures
  std::uint64_t true_positives = 0, false_positives = 0, false_negatives = 0, true_negatives = 0;
  Estimate sensitivity, specificity, positive_predictive_value, negative_predictive_value;
  Estimate sent_home;  ///< share of all pictures that are called benign
};

/// What follows from the malignant share.
struct Decisions {
  std::vector<Decision> at;      ///< at the model's own thresholds
  std::vector<Decision> triage;  ///< at the thresholds that give a sensitivity of 90, 95 and 98 % on these pictures
  metrics::DecisionCurve curve;  ///< at 1, 2, ... 99 %
  std::vector<Estimate> net_benefit;  ///< of the curve, with intervals
};

/// "the model's threshold", "sensitivity of 95 %", ...
std::string rule_name(const std::string& rule, double aim);

}  // namespace naevus::evaluate
