#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "naevus/metrics/ranked_scores.hpp"

namespace naevus::metrics {

/// One class against the rest as the official scorer of the ISIC 2018 and 2019 challenges has it
/// (isic-challenge-scoring 5.6): a case is called so where its probability is above 0.5. A ratio whose denominator is 0
/// is 1 there, not 0.
struct IsicClass {
  double accuracy = 0, sensitivity = 0, specificity = 0, dice = 0, ppv = 0, npv = 0;
  std::optional<double> auc;                ///< nothing for a class without cases, or without others
  std::optional<double> auc_above_80;       ///< likewise; auc_above_sensitivity at 0.8
  std::optional<double> average_precision;  ///< nothing for a class without cases; the official scorer says 0
};

struct IsicScores {
  std::vector<IsicClass> classes;
  IsicClass mean;  ///< over the classes for which the score exists
  /// The challenges' main score: mean recall over the classes that have cases. A case whose highest probability is
  /// shared by two classes is undecided, and wrong. Nothing without cases.
  std::optional<double> balanced_accuracy;
};

/// @param probabilities  in [0, 1], row-major [n, classes]
/// @param truth          class indices in [0, classes); shape [n]
/// @throws InputError if the shapes differ, there are no cases, an index is out of range or a probability is not in
/// [0, 1]
IsicScores isic_scores(std::span<const double> probabilities, std::span<const int> truth, std::size_t classes);

/// The same for many resamples of the cases: what does not depend on how often a case was drawn is prepared once.
class IsicTable {
 public:
  /// @throws InputError as isic_scores
  IsicTable(std::span<const double> probabilities, std::span<const int> truth, std::size_t classes);

  /// Whether each case is called the class, and whether it is of it; shape [n].
  const std::vector<std::uint8_t>& called(std::size_t index) const { return classes_[index].called; }
  const std::vector<std::uint8_t>& positive(std::size_t index) const { return classes_[index].positive; }

  /// @param weight  how often each case was drawn; empty: once; shape [n]
  /// @throws InputError if the weights do not fit the cases
  IsicScores scores(std::span<const std::uint32_t> weight = {}) const;

 private:
  struct Prepared {
    std::vector<std::uint8_t> called, positive;
    RankedScores ranked;
  };
  IsicClass class_of(const Prepared& prepared, std::span<const std::uint32_t> weight) const;
  std::optional<double> mean_recall(std::span<const std::uint32_t> weight) const;

  std::vector<Prepared> classes_;
  std::vector<std::uint32_t> truth_;  // of each case, its class
  std::vector<std::uint8_t> decided_right_;
};

}  // namespace naevus::metrics
