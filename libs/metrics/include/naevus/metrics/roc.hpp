#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace naevus::metrics {

/// Points of a receiver operating characteristic, by falling threshold; the first is (0, 0), the last (1, 1).
struct RocCurve {
  std::vector<double> false_positive_rate;  ///< in [0, 1], non-decreasing
  std::vector<double> true_positive_rate;   ///< in [0, 1], non-decreasing
  std::vector<double> threshold;            ///< a case is called positive at or above it; the first is infinite
};

/// ROC curve with tied scores joined in one point (Fawcett 2006, algorithm 2).
/// @param score     one score per case, finite, higher meaning more likely positive; shape [n]
/// @param positive  1 for positive cases, 0 for others; shape [n]
/// @throws InputError if the shapes differ, a score is not finite, or one of the two classes is empty
RocCurve roc_curve(std::span<const double> score, std::span<const std::uint8_t> positive);

/// One point of a ROC curve.
struct OperatingPoint {
  double threshold = 0;  ///< a case is called positive at or above it
  double sensitivity = 0, specificity = 0;
};
/// The point with the highest specificity among those with at least that sensitivity.
/// @param sensitivity  in [0, 1]   @throws InputError if it is not
OperatingPoint at_sensitivity(const RocCurve& curve, double sensitivity);
/// The point with the highest sensitivity among those with at least that specificity.
/// @param specificity  in [0, 1]   @throws InputError if it is not
OperatingPoint at_specificity(const RocCurve& curve, double specificity);
/// The point with the largest sensitivity + specificity (Youden 1950); of equals the one with the lower threshold,
/// which sends fewer positives home. Never the infinite threshold.
OperatingPoint youden_point(const RocCurve& curve);

/// Area under the ROC curve, ties counting a half (Hanley & McNeil 1982). Nothing where a class is empty.
/// @throws InputError if the shapes differ or a score is not finite
std::optional<double> roc_auc(std::span<const double> score, std::span<const std::uint8_t> positive);

/// Area of each class against the rest; nothing for a class without cases, or without others.
/// @param scores  finite, row-major [n, classes]
/// @param truth   class indices in [0, classes); shape [n]
/// @throws InputError if the shapes differ, an index is out of range or a score is not finite
std::vector<std::optional<double>> one_against_rest_auc(std::span<const double> scores, std::span<const int> truth,
                                                        std::size_t classes);

/// Mean of the one-against-rest areas that exist; nothing where none does.
std::optional<double> macro_auc(std::span<const double> scores, std::span<const int> truth, std::size_t classes);
/// The same from areas at hand.
std::optional<double> mean_of_present(std::span<const std::optional<double>> values);

/// 1 where truth is the class, 0 elsewhere.
std::vector<std::uint8_t> is_class(std::span<const int> truth, int index);
/// A column of a row-major table.
std::vector<double> column(std::span<const double> scores, std::size_t classes, std::size_t index);

}  // namespace naevus::metrics
