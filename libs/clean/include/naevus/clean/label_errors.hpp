#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "naevus/clean/finding.hpp"
#include "naevus/dataset/manifest.hpp"
#include "naevus/dataset/prediction_table.hpp"
#include "naevus/metrics/confident_learning.hpp"

namespace naevus::clean {

/// What confident learning says of a manifest's labels.
struct LabelErrors {
  std::vector<std::string> classes;
  metrics::ConfidentJoint joint;  ///< calibrated: rows are the given labels, columns the likely ones
  /// Kind label_error, the least self-confident first. Score: 1 - the probability of the given label.
  std::vector<Finding> findings;
  std::size_t judged = 0;             ///< rows with a label and a prediction
  std::vector<std::string> warnings;  ///< which rows could not be judged, and why
};

/// @param predictions  out-of-fold: by models that were not trained on the picture they judge, or every label looks
/// right
/// @throws InputError if no row can be judged, or those that can all have one label
LabelErrors label_errors(const dataset::Manifest& manifest, const dataset::PredictionTable& predictions);

}  // namespace naevus::clean
