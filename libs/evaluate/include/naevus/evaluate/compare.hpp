#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "naevus/evaluate/predictions.hpp"
#include "naevus/metrics/agreement.hpp"
#include "naevus/metrics/bootstrap.hpp"
#include "naevus/metrics/confusion.hpp"

// Two models on the same cases, each case judged by both.
namespace naevus::evaluate {

/// One score of both.
struct ComparedScore {
  std::string name;  ///< "balanced accuracy", "AUC", "sensitivity", ...
  std::string of;    ///< a class, or "malignant"; empty: all classes together
  std::optional<double> first, second;
  std::optional<metrics::Interval> interval;  ///< of first - second
  std::optional<double> p_value;              ///< that they are equal, two-sided
  std::string method;                         ///< what made interval and p_value: "DeLong", ...
  std::string missing;                        ///< why the score or its comparison does not exist; else empty
  /// Cases that only this one gets right; nothing for scores that count no cases.
  std::optional<std::uint64_t> only_first, only_second;
};

/// A case that is not compared.
struct LeftOut {
  std::string image;
  std::string reason;  ///< names the one that can't score it
};

struct CompareOptions {
  metrics::BootstrapOptions bootstrap;  ///< its level is that of every interval
};

struct Comparison {
  Predictions first, second;  ///< of the same cases in the same order, with the same order of classes
  std::vector<LeftOut> left_out;
  std::string unit;       ///< what is independent: "pictures", "lesions" or "patients"
  std::size_t units = 0;  ///< how many of them
  metrics::BootstrapOptions bootstrap;
  /// Accuracy, balanced accuracy and macro AUC; malignant AUC, sensitivity and specificity where there are malignant
  /// classes; sensitivity and AUC of each class.
  std::vector<ComparedScore> scores;
  metrics::ConfusionMatrix calls;  ///< rows: what the first calls a case, columns: what the second does
  std::optional<metrics::Agreement> agreement;
  std::vector<std::string> warnings;

  /// "DeLong", ...: each method of the scores once, in a sentence.
  std::vector<std::string> methods() const;
};

/// Where every picture is its own lesion and patient: DeLong for areas, McNemar's mid-p test with Newcombe's interval
/// for shares of cases, the paired bootstrap for balanced accuracy and macro AUC. Else Obuchowski for areas, and the
/// paired bootstrap by lesion or patient for all others.
/// @param first, second  whole answers to one part of one data set; cases are matched by picture
/// @throws InputError if their classes or malignant classes differ, they have no case in common, or a picture has two
/// truths
Comparison compare(Predictions first, Predictions second, const CompareOptions& options = {});

/// The comparison for a terminal, as JSON (`scores`, each with `first`, `second`, `difference` {value, low, high},
/// `p_value`, `method`), and as a self-contained page.
std::string to_text(const Comparison& comparison);
std::string to_json(const Comparison& comparison);
std::string to_html(const Comparison& comparison);

}  // namespace naevus::evaluate
