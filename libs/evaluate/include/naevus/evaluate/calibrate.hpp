#pragma once
#include <optional>

#include "naevus/evaluate/predictions.hpp"
#include "naevus/metrics/roc.hpp"

namespace naevus::evaluate {

/// How well probabilities say what will be true.
struct Fit {
  double log_loss = 0, calibration_error = 0;
};

/// What the logits of a calibration part ask of the model.
struct Calibration {
  double temperature = 1;
  Fit before, after;
  /// Of the malignant share after calibration, at the largest sensitivity + specificity (Youden 1950). Nothing without
  /// malignant classes, or without cases of both kinds.
  std::optional<metrics::OperatingPoint> malignant;
};

/// @param predictions  with logits
/// @throws InputError if there are no logits
Calibration calibrate(const Predictions& predictions);

}  // namespace naevus::evaluate
