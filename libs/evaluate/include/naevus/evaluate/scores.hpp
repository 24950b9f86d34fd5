#pragma once
#include <optional>
#include <string>
#include <vector>

#include "naevus/evaluate/decisions.hpp"
#include "naevus/evaluate/estimate.hpp"
#include "naevus/evaluate/predictions.hpp"
#include "naevus/evaluate/refusal.hpp"
#include "naevus/evaluate/reliability.hpp"
#include "naevus/evaluate/subgroups.hpp"
#include "naevus/metrics/bootstrap.hpp"
#include "naevus/metrics/confusion.hpp"
#include "naevus/metrics/precision_recall.hpp"
#include "naevus/metrics/roc.hpp"

namespace naevus::evaluate {

/// metrics::IsicClass with intervals.
struct IsicRow {
  Estimate accuracy, sensitivity, specificity, dice, ppv, npv, auc, auc_above_80, average_precision;
};

/// The table of the ISIC 2018 and 2019 challenges' official scorer.
struct IsicResult {
  std::vector<IsicRow> classes;
  IsicRow mean;
  Estimate balanced_accuracy;
};

/// One class against the rest.
struct ClassResult {
  std::string name;
  metrics::ClassScores scores;
  Estimate precision, recall, specificity, f1;  ///< of those in scores
  Estimate auc, average_precision;
  Estimate partial_auc;  ///< integral of max(sensitivity - 0.8, 0), as in ISIC 2024; in [0, 0.2]
  std::string no_auc;    ///< why there is none
  std::optional<metrics::RocCurve> roc;
  std::optional<metrics::PrecisionRecallCurve> precision_recall;
};

/// metrics::Averages with intervals.
struct AverageScores {
  Estimate precision, recall, specificity, f1;
};

/// The malignant classes together against the others, by the sum of their probabilities.
struct Malignancy {
  Estimate auc, average_precision, partial_auc;  ///< as ClassResult
  std::string no_auc;
  std::optional<metrics::RocCurve> roc;
  std::optional<metrics::PrecisionRecallCurve> precision_recall;
  std::optional<metrics::OperatingPoint> at_95;         ///< the most specific point with at least 95 % sensitivity
  std::optional<metrics::OperatingPoint> at_threshold;  ///< at the model's own threshold
  Estimate sensitivity, specificity;                    ///< of at_threshold
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
  Estimate macro_average_precision, kappa, matthews;
  Estimate top_2, top_3;  ///< share of pictures whose class is among the 2, 3 most likely; nothing with as few classes
  Estimate log_loss_estimate, brier_estimate;
  IsicResult isic;
  std::vector<std::string> present;  ///< classes with cases: balanced accuracy is over these
  std::vector<ClassResult> classes;
  AverageScores macro, weighted;
  double log_loss = 0, brier_score = 0, calibration_error = 0;
  std::optional<Malignancy> malignancy;
  std::optional<Decisions> decisions;  ///< nothing without malignant classes, or without cases of both kinds
  Reliability reliability;
  std::optional<SetCoverage> sets;  ///< nothing where the model's card has no limits
  Refusal refusal;
  std::vector<Subgroups> subgroups;  ///< by what is known of the pictures
  std::optional<Positive> positive;
  metrics::BootstrapOptions bootstrap;
  std::string resampled;           ///< "pictures", "lesions" or "patients"
  std::size_t units = 0;           ///< how many of them
  std::vector<std::string> small;  ///< sentences: what has too few cases to say anything precisely
};

/// By what the ISIC challenge that the predictions were handed in to ranks them.
struct ChallengeScore {
  std::string name;  ///< "balanced accuracy"
  Estimate score;
};
/// Nothing for predictions that were handed in to none.
std::optional<ChallengeScore> challenge_score(const Evaluation& evaluation);

/// @throws InputError if there are no cases; UsageError if `positive` is not a class, or there are not two classes
Evaluation score(Predictions predictions, const ScoreOptions& options = {});

}  // namespace naevus::evaluate
