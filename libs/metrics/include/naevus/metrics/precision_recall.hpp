#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace naevus::metrics {

/// Points of a precision-recall curve by falling threshold, tied scores joined in one point. The first, at an infinite
/// threshold, is recall 0 with precision 1 by convention (scikit-learn's); the last has recall 1.
struct PrecisionRecallCurve {
  std::vector<double> precision;  ///< in [0, 1]
  std::vector<double> recall;     ///< in [0, 1], non-decreasing
  std::vector<double> threshold;  ///< a case is called positive at or above it; the first is infinite
};

/// @param score, positive  as roc_curve
/// @throws InputError if the shapes differ, a score is not finite, or there are no positive cases
PrecisionRecallCurve precision_recall_curve(std::span<const double> score, std::span<const std::uint8_t> positive);

/// Average precision: the curve's precisions weighted by the recall that each adds; no interpolation (scikit-learn's
/// definition). Nothing without positive cases. For resamples see RankedScores.
/// @throws InputError if the shapes differ or a score is not finite
std::optional<double> average_precision(std::span<const double> score, std::span<const std::uint8_t> positive);

}  // namespace naevus::metrics
