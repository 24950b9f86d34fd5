#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "naevus/model/card_evaluation.hpp"

namespace naevus::model {

/// One training or validation picture, so that a copy of it in a test set is found later.
struct SeenPicture {
  std::string pixels;      ///< hash of the decoded pixels, 32 hexadecimal digits
  std::string perceptual;  ///< 64-bit perceptual hash, 16 hexadecimal digits
  std::string part;        ///< "train" or "validation"
};

/// Calibration that weights and shifts each class's logit: softmax(weight * logit + bias). shape [classes]
struct VectorScaling {
  std::vector<double> weight, bias;
};

/// A threshold on the malignant classes' share, chosen on the calibration pictures.
struct DecisionPoint {
  /// "youden", "sensitivity", "specificity", "cost" or "net_benefit"
  std::string rule;
  /// What the rule aims at: the sensitivity or specificity; how many false alarms a miss costs; the probability from
  /// which one would act. 0 for youden.
  double aim = 0;
  std::optional<double> threshold;          ///< malignant at or above it; nothing: nobody is called malignant
  double sensitivity = 0, specificity = 0;  ///< on the calibration pictures
};

/// Limits of conformal prediction sets (metrics::ConformalLimits).
struct PredictionSets {
  double coverage = 0.9;                  ///< promised share of sets that hold the truth
  std::string score = "least_ambiguous";  ///< or "adaptive"
  bool by_class = false;                  ///< promised for each class
  std::vector<double> limit;              ///< [classes]; infinite: the class is in every set
};

/// How many pictures fall in each bin of a measure.
struct ReferenceBins {
  std::vector<double> edges;          ///< inner ones, rising
  std::vector<std::uint64_t> counts;  ///< [edges + 1]
};

/// What the model saw and said on held-out pictures, so that a drift of what it sees and says later can be told.
struct Reference {
  std::string of;                                 ///< those pictures, in words
  std::vector<std::uint64_t> predicted;           ///< how many were taken for each class; shape [classes]
  std::map<std::string, ReferenceBins> measures;  ///< "malignant", "ood_score", "sharpness", ...
};

/// What a model file says of itself; JSON under `naevus.card` in the ONNX file's metadata.
struct Card {
  static constexpr int current_format = 1;

  int format = current_format;
  std::string name;                     ///< "naevus-7"
  std::string architecture;             ///< network::architectures(), or "adopted"
  std::vector<std::string> classes;     ///< alphabetical; the order of the outputs
  std::vector<std::string> malignant;   ///< of classes; may be empty
  int width = 224, height = 224;        ///< of the input
  std::string frame = "centre_square";  ///< image::Frame
  /// The other steps before the network, by image::steps()' names: {"denoise", "median"}. What is not named is at its
  /// default. `colour_constancy` is in the graph.
  std::map<std::string, std::string> preparation;
  std::array<float, 3> mean{}, std{};  ///< in the graph, in 0..255
  std::string weights_from;            ///< where training started: a file with its licence, or "random"
  std::string data;                    ///< the training data
  std::string licence;                 ///< of the model, as the data's licence makes it
  std::string adopted_from;            ///< file name of a network trained elsewhere; else empty

  double temperature = 1;                       ///< in the graph; 1 where there is vector scaling
  std::optional<VectorScaling> vector_scaling;  ///< in the graph, in the temperature's place
  std::string calibrated_on;                    ///< what fitted it: "validation", hash of the manifest
  std::optional<double> malignant_threshold;    ///< on the sum of the malignant classes' probabilities
  std::string malignant_threshold_rule;         ///< how it was chosen, in words
  std::vector<DecisionPoint> decision_points;   ///< others that were fitted with it
  std::optional<PredictionSets> prediction_sets;
  std::string ood_kind = "energy";        ///< or "mahalanobis"
  std::optional<double> ood_limit;        ///< ood_score above it: unlike the training pictures
  std::map<std::string, double> metrics;  ///< "validation.balanced_accuracy", ...
  std::optional<Reference> reference;     ///< nothing where it was calibrated before there was one
  std::optional<Evaluation> evaluation;   ///< of this model with this calibration
  std::string config;                     ///< the training config as used (TOML)
  std::vector<SeenPicture> seen;
};

/// @param indent  -1: one line
std::string to_json(const Card& card, int indent = -1);
/// @throws InputError naming the key that is missing or wrong, or that the format is newer than this program
Card card_from_json(const std::string& text);

}  // namespace naevus::model
