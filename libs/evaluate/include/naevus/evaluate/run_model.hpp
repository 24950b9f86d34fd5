#pragma once
#include <string>

#include "naevus/base/parallel.hpp"
#include "naevus/dataset/manifest.hpp"
#include "naevus/evaluate/predictions.hpp"
#include "naevus/infer/classifier.hpp"

namespace naevus::evaluate {

struct RunOptions {
  std::string model;          ///< named in the result
  std::string part = "test";  ///< as select
  /// Check for copies of training pictures, by the card's hashes, and on the pixels where the manifest names training
  /// pictures that are there. The same decoding tells the lesion's size and the skin's tone, which are not known
  /// without.
  bool look_for_copies = true;
  int threads = 0;
};

/// Runs the model over one part. Pictures that are missing or broken, or whose label the model does not know, are
/// failures. Each probability is the double that the shortest decimal form of the model's float names, so that scores
/// are the same to the last bit from a predictions file.
/// @throws UsageError, InputError as select; InputError if no picture is left; Cancelled
Predictions run_model(const infer::Classifier& classifier, const dataset::Manifest& manifest, const RunOptions& options,
                      const StopToken& stop = {});

}  // namespace naevus::evaluate
