#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "naevus/metrics/roc.hpp"

namespace naevus::metrics {

/// Scores of a two-class question sorted once, so that what depends on their order can be computed for many resamples
/// of the cases in one pass each. A case's weight is how often it was drawn; empty: once; shape [n]. Every member
/// throws InputError where the weights do not fit the scores.
class RankedScores {
 public:
  /// @param score, positive  as roc_curve
  /// @throws InputError if the shapes differ or a score is not finite
  RankedScores(std::span<const double> score, std::span<const std::uint8_t> positive);

  /// Area under the ROC curve, ties counting a half (Hanley & McNeil 1982). Nothing where a class is empty.
  std::optional<double> auc(std::span<const std::uint32_t> weight = {}) const;

  /// Average precision: precision at each threshold, weighted by the recall that the threshold adds; no interpolation
  /// (scikit-learn's). Nothing without positives.
  std::optional<double> average_precision(std::span<const std::uint32_t> weight = {}) const;

  /// The ROC curve. Nothing where a class is empty.
  std::optional<RocCurve> curve(std::span<const std::uint32_t> weight = {}) const;

  /// Positives and negatives that are called positive at a threshold.
  struct Called {
    double threshold = 0;
    std::uint64_t positives = 0, negatives = 0;
  };
  /// By falling threshold, one for each score that a case of some weight has.
  std::vector<Called> called(std::span<const std::uint32_t> weight = {}) const;

 private:
  /// Neighbours in the order: their negatives, from the end of the run before; then their positives.
  struct Run {
    std::uint32_t positives = 0, end = 0;
  };
  std::uint64_t times(std::span<const std::uint32_t> weight, std::uint32_t begin, std::uint32_t end) const;

  std::vector<std::uint32_t> index_;  // of the cases by falling score, in equal scores the negatives first
  std::vector<double> threshold_;     // of each run of ties_
  std::vector<Run> ties_;             // one for each different score
  std::vector<Run> steps_;  // neighbours of one class joined as well, which the area allows: fewer and longer runs
};

}  // namespace naevus::metrics
