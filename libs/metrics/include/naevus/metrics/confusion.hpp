#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace naevus::metrics {

/// How often a class was called another. Rows are the truth, columns the prediction.
struct ConfusionMatrix {
  std::size_t classes = 0;
  std::vector<std::uint64_t> count;  ///< [classes, classes], row-major

  std::uint64_t at(std::size_t truth, std::size_t predicted) const { return count[truth * classes + predicted]; }
  std::uint64_t truths(std::size_t index) const;       ///< the row's sum: cases of the class
  std::uint64_t predictions(std::size_t index) const;  ///< the column's sum: cases called so
  std::uint64_t total() const;
};

/// @param truth, predicted  class indices in [0, classes); shape [n]
/// @throws InputError if the shapes differ or an index is out of range
ConfusionMatrix confusion_matrix(std::span<const int> truth, std::span<const int> predicted, std::size_t classes);

/// Cases sorted once by truth and prediction, so that the matrix can be counted for many resamples of them.
class SortedCalls {
 public:
  /// @param truth, predicted, classes  as confusion_matrix  @throws as it
  SortedCalls(std::span<const int> truth, std::span<const int> predicted, std::size_t classes);

  /// @param weight  how often each case counts; empty: once; shape [n]
  /// @throws InputError if the shapes differ
  ConfusionMatrix matrix(std::span<const std::uint32_t> weight = {}) const;

 private:
  std::size_t classes_;
  std::vector<std::uint32_t> index_;  // of the cases, by cell of the matrix
  std::vector<std::size_t> end_;      // of each cell's cases in index_
};

/// Share of cases called right. Nothing where there are no cases.
std::optional<double> accuracy(const ConfusionMatrix& matrix);

/// Mean recall over the classes that have cases. Nothing where there are no cases.
std::optional<double> balanced_accuracy(const ConfusionMatrix& matrix);

/// Correlation of truth and prediction, in [-1, 1]: Matthews (1975) for two classes, Gorodkin's R_K (2004) for more. 0
/// where all cases are of one class or all are called one, as in scikit-learn; nothing without cases.
std::optional<double> matthews_correlation(const ConfusionMatrix& matrix);

/// One class against the rest. A ratio whose denominator is 0 is 0, as in scikit-learn with zero_division=0; `support`
/// and `predicted` tell when that is so.
struct ClassScores {
  double precision = 0;         ///< 0 by definition where predicted == 0
  double recall = 0;            ///< sensitivity; 0 by definition where support == 0
  double specificity = 0;       ///< recall of the complement; 0 by definition where every case is of this class
  double f1 = 0;                ///< Dice's coefficient; 0 by definition where support + predicted == 0
  std::uint64_t support = 0;    ///< cases of the class
  std::uint64_t predicted = 0;  ///< cases called so
};
std::vector<ClassScores> class_scores(const ConfusionMatrix& matrix);

/// Averages over the classes.
struct Averages {
  double precision = 0, recall = 0, specificity = 0, f1 = 0;
};
/// Plain mean over the classes that occur in the truth or in the predictions (scikit-learn's default labels); zeros
/// without cases.
Averages macro_average(const std::vector<ClassScores>& scores);
/// Mean weighted by support; zeros without cases.
Averages weighted_average(const std::vector<ClassScores>& scores);

/// Index of the largest score in each row; the first of equals.
/// @param scores  row-major [n, classes]
/// @throws InputError if the values are no whole number of rows, or one is not a number
std::vector<int> most_likely(std::span<const double> scores, std::size_t classes);

}  // namespace naevus::metrics
