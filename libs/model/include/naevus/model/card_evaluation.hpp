#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace naevus::model {

/// One score, from 0 to 1.
struct EvaluatedFigure {
  /// Of all classes: "accuracy", "balanced_accuracy", "macro_auc", "expected_calibration_error". Of the malignant
  /// classes together against the others: "malignant_auc" and, at the card's threshold, "malignant_sensitivity" and
  /// "malignant_specificity". Of one class against the rest: "sensitivity", "specificity", "auc".
  std::string name;
  std::string of_class;  ///< for those of one class; else empty
  double value = 0;
  std::optional<double> low, high;  ///< its interval; both or none
  std::uint64_t cases = 0;          ///< that it rests on
};

/// A dot of a reliability diagram: pictures to which the model gave about the same probability.
struct EvaluatedBin {
  double predicted = 0;      ///< their mean probability
  double observed = 0;       ///< share of them for which it came true
  double low = 0, high = 0;  ///< interval of that share
  std::uint64_t cases = 0;
};

/// Something that was looked for before the scores could be believed.
struct EvaluatedCheck {
  std::string check;    ///< "copies", "near_copies", "fitted_here", "lesions", "patients", "classes"
  std::string verdict;  ///< "passed", "failed" or "unknown"
  std::string text;     ///< a sentence: what was found
};

/// What the model was worth on pictures whose class is known.
struct Evaluation {
  std::string of;  ///< those pictures, in words, with the hash of their manifest
  std::uint64_t cases = 0;
  std::uint64_t failed = 0;  ///< pictures that could not be scored
  std::string intervals;     ///< how they were made
  std::vector<EvaluatedCheck> checks;
  std::vector<std::string> warnings;  ///< what else a reader must know before the scores
  std::vector<EvaluatedFigure> figures;
  std::vector<EvaluatedBin> reliability;            ///< of the most likely class's probability; empty bins left out
  std::vector<EvaluatedBin> malignant_reliability;  ///< of the malignant share; empty without malignant classes
  /// How many of each class were called each; rows: truth, columns: called; shape [classes][classes].
  std::vector<std::vector<std::uint64_t>> confusion;
};

}  // namespace naevus::model
