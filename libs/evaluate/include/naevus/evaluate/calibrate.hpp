#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "naevus/evaluate/predictions.hpp"
#include "naevus/metrics/roc.hpp"
#include "naevus/model/card.hpp"

namespace naevus::evaluate {

/// How well probabilities say what will be true.
struct Fit {
  double log_loss = 0, calibration_error = 0, brier_score = 0;
};

struct CalibrateOptions {
  std::string method = "temperature";  ///< or "vector"
  /// What becomes the model's own threshold: "youden", "sensitivity", "specificity", "cost" or "net_benefit".
  std::string threshold = "youden";
  double sensitivity = 0.95, specificity = 0.90;  ///< that those rules aim at, in [0, 1]
  std::optional<double> cost;                     ///< how many false alarms a miss costs, above 0
  std::optional<double> act_from;                 ///< probability from which one would act, in (0, 1)
  double coverage = 0.9;                          ///< of prediction sets, in (0, 1)
  bool by_class = false;                          ///< promised for each class
  std::uint64_t seed = 1;                         ///< of the folds that compare the methods
};

/// A way to calibrate, fitted on four fifths of the lesions and judged on the fifth, in turn.
struct Compared {
  std::string method;  ///< "none", "temperature", "vector", "isotonic"
  Fit fit;             ///< of all pictures, each by the fold that it was left out of
};

/// What the logits of a calibration part ask of the model.
struct Calibration {
  std::string method = "temperature";
  double temperature = 1;                              ///< 1 with vector scaling
  std::optional<model::VectorScaling> vector_scaling;  ///< with that method
  Fit before, after;                                   ///< on the pictures that fitted it
  std::vector<Compared> compared;                      ///< empty where there are fewer than ten lesions
  /// Of the malignant share after calibration. Empty without malignant classes, or without cases of both kinds.
  std::vector<model::DecisionPoint> points;
  std::optional<model::DecisionPoint> malignant;  ///< of them, the one that `threshold` names
  std::optional<model::PredictionSets> sets;
};

/// The points for cost and net benefit are fitted where their aim is given: the first minimises the cost (Metz 1978),
/// the second maximises the net benefit (Vickers & Elkin 2006), which is the cost at which a miss counts as
/// (1 - act_from) / act_from false alarms; both at the prevalence of these pictures.
/// @param predictions  with logits
/// @throws InputError if there are no logits; UsageError if an option is out of range, or the threshold's rule has no
/// aim
Calibration calibrate(const Predictions& predictions, const CalibrateOptions& options = {});

/// Puts it into the card of the model that it was made for: calibration, thresholds, prediction sets, and what fitted
/// them. An evaluation goes: it was of the model as it was.
/// @throws IoError if the predictions' manifest can't be read for its hash
void apply(const Calibration& calibration, const Predictions& predictions, model::Card& card);

/// What calibrates another model as this card's was: method, rules and their aims, prediction sets.
/// @return nothing for a card as training leaves it
std::optional<CalibrateOptions> calibrated_as(const model::Card& card);

}  // namespace naevus::evaluate
