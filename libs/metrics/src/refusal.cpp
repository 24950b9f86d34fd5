#include "naevus/metrics/refusal.hpp"

#include "naevus/base/error.hpp"
#include "naevus/metrics/ranked_scores.hpp"
#include "naevus/metrics/roc.hpp"

namespace naevus::metrics {
namespace {

/// Sum over k = 1 .. of (wrong so far) / (answered so far), for answers that come one by one with some share of wrong
/// ones after others.
class AreaSum {
 public:
  /// @param wrong, count  of cases with one confidence: the mean over their orders has the wrong ones spread evenly
  void add(double wrong, std::uint64_t count) {
    const double each = wrong / static_cast<double>(count);
    for (std::uint64_t k = 0; k < count; ++k) {
      wrong_ += each;
      answered_ += 1;
      sum_ += wrong_ / answered_;
    }
  }
  double mean() const { return sum_ / answered_; }

 private:
  double wrong_ = 0, answered_ = 0, sum_ = 0;
};

}  // namespace

ForeignScores score_refusal(std::span<const double> own, std::span<const double> foreign) {
  if (own.empty() || foreign.empty()) throw InputError("refusal is judged on own cases and on foreign ones");
  // The own cases are the positive ones, and a low score speaks for them.
  std::vector<double> score;
  for (const auto part : {own, foreign})
    for (const double value : part) score.push_back(-value);
  std::vector<std::uint8_t> is_own(score.size(), 0);
  for (std::size_t i = 0; i < own.size(); ++i) is_own[i] = 1;
  const OperatingPoint point = at_sensitivity(roc_curve(score, is_own), 0.95);
  return {roc_auc(score, is_own).value(), 1 - point.specificity, -point.threshold};
}

RiskCoverage risk_coverage(std::span<const double> confidence, std::span<const std::uint8_t> right) {
  // The right answers are the positive ones.
  const std::vector<RankedScores::Called> called = RankedScores(confidence, right).called();
  if (called.empty()) throw InputError("there are no cases");
  RiskCoverage result;
  AreaSum area, best;
  RankedScores::Called before;
  for (const RankedScores::Called& at : called) {
    const std::uint64_t answered = at.positives + at.negatives;
    result.coverage.push_back(static_cast<double>(answered) / static_cast<double>(confidence.size()));
    result.risk.push_back(static_cast<double>(at.negatives) / static_cast<double>(answered));
    result.threshold.push_back(at.threshold);
    area.add(static_cast<double>(at.negatives - before.negatives), answered - before.positives - before.negatives);
    before = at;
  }
  if (before.positives > 0) best.add(0, before.positives);
  for (std::uint64_t i = 0; i < before.negatives; ++i) best.add(1, 1);
  result.area = area.mean();
  result.excess_area = result.area - best.mean();
  return result;
}

}  // namespace naevus::metrics
