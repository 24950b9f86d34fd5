#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

// What it is worth to leave cases unanswered: foreign pictures, or those that the model is unsure of.
namespace naevus::metrics {

/// How well a score tells foreign cases from the model's own.
struct ForeignScores {
  double auroc = 0;  ///< of telling them apart, ties counting a half
  /// Share of the foreign cases that are answered at the limit below which at least 95 % of the own cases stay
  /// (Hendrycks & Gimpel 2017; Liang et al. 2018: FPR at 95 % TPR, the own cases being the positive ones).
  double false_positive_rate_at_95 = 0;
  double limit = 0;  ///< a case is answered at or below it
};

/// @param own, foreign  score of each case, finite, higher meaning more foreign
/// @throws InputError if a score is not finite or there are no cases of one kind
ForeignScores score_refusal(std::span<const double> own, std::span<const double> foreign);

/// Errors among the answered cases, as more and more are answered from the surest down (El-Yaniv & Wiener 2010).
struct RiskCoverage {
  std::vector<double> coverage;   ///< share of the cases that are answered, rising to 1
  std::vector<double> risk;       ///< share of those that are wrong
  std::vector<double> threshold;  ///< the confidence at or above which a case is answered; one point for each
  /// Mean risk over answering 1, 2, ..., n cases (Geifman & El-Yaniv 2017); equal confidences in all their orders.
  double area = 0;
  double excess_area = 0;  ///< less that of a confidence which ranks every right answer first (Geifman et al. 2019)
};

/// @param confidence  finite, higher meaning surer; shape [n]
/// @param right       1 where the answer is right; shape [n]
/// @throws InputError if the shapes differ, a confidence is not finite or there are no cases
RiskCoverage risk_coverage(std::span<const double> confidence, std::span<const std::uint8_t> right);

}  // namespace naevus::metrics
