#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "naevus/metrics/ranked_scores.hpp"
#include "naevus/metrics/roc.hpp"

// What follows from calling a case positive at a threshold.
namespace naevus::metrics {

/// What errors cost, in any unit, and how common positives are where the model is used.
struct Costs {
  double miss = 1;                   ///< of calling a positive case negative; above 0
  double alarm = 1;                  ///< of calling a negative case positive; above 0
  std::optional<double> prevalence;  ///< in (0, 1); nothing: that of the cases at hand
};

/// The point with the lowest expected cost, prevalence * miss * (1 - sensitivity) + (1 - prevalence) * alarm *
/// (1 - specificity) (Metz 1978); of equals the one with the lower threshold. At an infinite threshold nobody is
/// called.
/// @throws InputError as roc_curve; if a cost or the prevalence is out of range
OperatingPoint lowest_cost_point(std::span<const double> score, std::span<const std::uint8_t> positive,
                                 const Costs& costs);

/// Net benefit per case (Vickers & Elkin 2006): true positives less false ones, each of these worth the odds of the
/// threshold; in units of true positives. Treating nobody is 0.
struct DecisionCurve {
  std::vector<double> threshold;    ///< probability from which one would act, as given
  std::vector<double> net_benefit;  ///< of acting where the model's probability is at or above it
  std::vector<double> treat_all;    ///< of acting on everyone
  double prevalence = 0;
};

/// @param probability  of being positive, in [0, 1]; shape [n]
/// @param threshold    each in (0, 1)
/// @param prevalence   where the model is used, in (0, 1); nothing: that of the cases at hand
/// @throws InputError if the shapes differ, a number is out of range, there are no cases, or a prevalence is given and
/// the cases are of one class
DecisionCurve decision_curve(std::span<const double> probability, std::span<const std::uint8_t> positive,
                             std::span<const double> threshold, std::optional<double> prevalence = {});

/// Its net benefit for many resamples of the cases, at the cases' own prevalence; shape [thresholds]. Empty where no
/// case is drawn.
/// @param weight  how often each case was drawn; empty: once; shape [n]
/// @throws InputError if a threshold is out of range or the weights do not fit
std::vector<double> net_benefit(const RankedScores& probability, std::span<const double> threshold,
                                std::span<const std::uint32_t> weight = {});

/// Who need not be seen where positives must be found with some sensitivity.
struct Triage {
  OperatingPoint point;            ///< the most specific with at least that sensitivity
  std::uint64_t referred = 0;      ///< called positive
  std::uint64_t sent_home = 0;     ///< called negative
  std::uint64_t missed = 0;        ///< positive, but sent home
  double share_sent_home = 0;      ///< of all cases
  double missed_of_sent_home = 0;  ///< 1 - negative predictive value; 0 where nobody is sent home
};

/// @param sensitivity  in [0, 1]
/// @throws InputError as roc_curve, or if the sensitivity is out of range
Triage triage(std::span<const double> score, std::span<const std::uint8_t> positive, double sensitivity = 0.95);

}  // namespace naevus::metrics
