#pragma once
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "naevus/dataset/manifest.hpp"
#include "naevus/evaluate/checks.hpp"
#include "naevus/image/prepare.hpp"
#include "naevus/model/card.hpp"

namespace naevus::evaluate {

/// One picture with its truth.
struct Case {
  std::string image;           ///< as the manifest or the predictions name it
  std::filesystem::path path;  ///< where the picture lies; empty when only predictions are known
  std::string label;
  int truth = 0;      ///< index of the label in Predictions::classes
  std::string where;  ///< "manifest.csv:12"
  std::string lesion_id, patient_id;
  std::string age, sex, site, source;  ///< as the manifest has them; empty: not known
  std::optional<double> lesion_area;   ///< share of the picture; nothing: not looked at, or no lesion found
  std::optional<double> skin_angle;    ///< typology_angle; likewise
};

/// A picture that has no score.
struct Failure {
  std::string image;
  std::string reason;
  std::string where;  ///< "manifest.csv:12": the row that it concerns; may be empty
};

/// What a model, or a file, said of the pictures of one part.
struct Predictions {
  std::string source;                         ///< the model file or the predictions' file
  std::string challenge;                      ///< that the file was handed in to, "isic2018"; empty: none
  std::string manifest;                       ///< empty without one
  std::string part;                           ///< "train", "validation", "test" or "all"
  std::vector<std::string> classes;           ///< in the order of the probabilities
  std::vector<std::string> malignant;         ///< of classes; may be empty
  std::optional<double> malignant_threshold;  ///< on the sum of the malignant classes' probabilities
  image::Preparation preparation;             ///< how the model sees a picture
  std::vector<Case> cases;
  std::vector<double> probabilities;  ///< [cases, classes], row-major
  std::vector<double> logits;         ///< likewise, before the calibration; empty when only probabilities are known
  std::vector<double> ood_score;      ///< [cases], higher: less like the training pictures; empty when it is not known
  std::optional<double> ood_limit;
  std::vector<model::DecisionPoint> decision_points;  ///< of the model's card
  std::optional<model::PredictionSets> prediction_sets;
  std::vector<Failure> failures;
  std::vector<Check> checks;
  std::vector<std::string> warnings;  ///< what a reader must know before the scores

  std::vector<int> truth() const;
  /// Indices of the malignant classes.
  std::vector<int> malignant_indices() const;
  /// Probability that the case is malignant: the sum over the malignant classes. shape [cases]
  std::vector<double> malignant_probability() const;
};

/// The rows of a manifest that are looked at.
struct Selection {
  std::string part;                  ///< as Predictions::part
  std::vector<std::size_t> entries;  ///< indices, in the manifest's order
  std::vector<std::string> warnings;
};

/// @param part  "train", "validation", "test" or "all"; a manifest without any split gives all its rows, with a warning
/// @throws UsageError for another part; InputError if the part is empty
Selection select(const dataset::Manifest& manifest, const std::string& part);

/// Finds the index of each entry's label in `predictions.classes`: entries with a label go to `cases`, those without
/// one, with an unknown one, or that name a picture once more, to `failures`. Checks for lesions and patients that
/// stand in another part too.
/// @returns the manifest's indices of the cases
std::vector<std::size_t> take_cases(const dataset::Manifest& manifest, const Selection& selection,
                                    Predictions& predictions);

/// Reads predictions made elsewhere: `image,label,p_<class>,...`, one row per picture, the probabilities of a row in
/// [0, 1] and with sum 1 within 0.001. The malignant classes are those that usually are (dataset::usual_malignant).
/// @param manifest  gives labels, lesions and pictures; without one the file's own `label` column counts, and every row
/// @param part      as select; needs the manifest
/// @throws IoError; InputError naming the line: a column is missing, a probability is no number or out of range, the
/// sum is not 1,
///         a picture stands twice with different numbers, no row is left
Predictions read_predictions(const std::filesystem::path& path, const dataset::Manifest* manifest,
                             const std::string& part);

/// `image,label,p_<class>,...`, numbers in their shortest form that reads back to the same double.
std::string predictions_csv(const Predictions& predictions);

}  // namespace naevus::evaluate
