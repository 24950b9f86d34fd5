#pragma once
#include <optional>
#include <string>
#include <vector>

#include "naevus/evaluate/predictions.hpp"
#include "naevus/metrics/bootstrap.hpp"
#include "naevus/metrics/confusion.hpp"
#include "naevus/metrics/roc.hpp"

namespace naevus::evaluate {

/// A score with its interval. No value: it does not exist for these cases.
struct Estimate {
  std::optional<double> value;
  std::optional<metrics::Interval> interval;
};

/// One class against the rest.
struct ClassResult {
  std::string name;
  metrics::ClassScores scores;
  std::optional<metrics::Interval> precision, recall, specificity;  ///< intervals of those in scores
  Estimate auc;
  std::string no_auc;  ///< why there is none
  std::optional<metrics::RocCurve> roc;
};

/// The malignant classes together against the others, by the sum of their probabilities.
struct Malignancy {
  Estimate auc;
  std::string no_auc;
  std::optional<metrics::RocCurve> roc;
  std::optional<metrics::OperatingPoint> at_95;         ///< the most specific point with at least 95 % sensitivity
  std::optional<metrics::OperatingPoint> at_threshold;  ///< at the model's own threshold
  std::optional<metrics::Interval> sensitivity, specificity;  ///< intervals of those in at_threshold
};

/// For two classes: which is the positive one.
struct Positive {
  std::size_t index = 0;
  std::string reason;  ///< "the malignant class", ...
};

struct ScoreOptions {
  metrics::BootstrapOptions bootstrap;
  std::string positive;  ///< for two classes; empty: the malignant one, else the second
};

/// Everything that is said of a model on one part.
struct Evaluation {
  Predictions predictions;
  std::vector<int> called;  ///< the most likely class of each case
  metrics::ConfusionMatrix confusion;
  Estimate accuracy, balanced_accuracy, macro_auc;
  std::vector<std::string> present;  ///< classes with cases: balanced accuracy is over these
  std::vector<ClassResult> classes;
  metrics::Averages macro, weighted;
  double log_loss = 0, brier_score = 0, calibration_error = 0;
  std::optional<Malignancy> malignancy;
  std::optional<Positive> positive;
  metrics::BootstrapOptions bootstrap;
  std::string resampled;  ///< "pictures", "lesions" or "patients"
  std::size_t units = 0;  ///< how many of them
};

/// @throws InputError if there are no cases; UsageError if `positive` is not a class, or there are not two classes
Evaluation score(Predictions predictions, const ScoreOptions& options = {});

}  // namespace naevus::evaluate
