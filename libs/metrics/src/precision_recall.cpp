#include "naevus/metrics/precision_recall.hpp"

#include <limits>

#include "naevus/base/error.hpp"
#include "naevus/metrics/ranked_scores.hpp"

namespace naevus::metrics {

PrecisionRecallCurve precision_recall_curve(std::span<const double> score, std::span<const std::uint8_t> positive) {
  const std::vector<RankedScores::Called> called = RankedScores(score, positive).called();
  if (called.empty() || called.back().positives == 0) throw InputError("there are no positive cases");
  const auto positives = static_cast<double>(called.back().positives);
  PrecisionRecallCurve curve{{1}, {0}, {std::numeric_limits<double>::infinity()}};
  for (const RankedScores::Called& at : called) {
    curve.precision.push_back(static_cast<double>(at.positives) / static_cast<double>(at.positives + at.negatives));
    curve.recall.push_back(static_cast<double>(at.positives) / positives);
    curve.threshold.push_back(at.threshold);
  }
  return curve;
}

std::optional<double> average_precision(std::span<const double> score, std::span<const std::uint8_t> positive) {
  return RankedScores(score, positive).average_precision();
}

}  // namespace naevus::metrics
