#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "naevus/metrics/interval.hpp"

// What an area under the ROC curve says beyond these cases. Without clusters the variance is DeLong's (DeLong, DeLong &
// Clarke-Pearson 1988, by sorting: Sun & Xu 2014); with clusters (the pictures of one lesion or patient, of either
// class) it is Obuchowski's (1997), which for clusters of one is DeLong's.
namespace naevus::metrics {

struct AucEstimate {
  double auc = 0;       ///< in [0, 1], ties counting a half
  double variance = 0;  ///< 0 where every pair is in order, or every one in disorder: it then says nothing
};

/// @param score, positive  as roc_curve; shape [n]
/// @param cluster          each case's cluster, any numbers; empty: every case by itself; shape [n]
/// @returns nothing where fewer than two clusters have a positive case, or a negative one
/// @throws InputError if the shapes differ or a score is not finite
std::optional<AucEstimate> estimate_auc(std::span<const double> score, std::span<const std::uint8_t> positive,
                                        std::span<const std::uint32_t> cluster = {});

/// auc +- z sqrt(variance), cut to [0, 1].
/// @param level  in (0, 1)   @throws InputError if it is not
Interval auc_interval(const AucEstimate& estimate, double level = 0.95);

/// The same on the scale of log(auc / (1 - auc)), which covers better near 1 and never leaves [0, 1] (Qin & Hotilovac
/// 2008). Nothing where the area is 0 or 1. @throws as auc_interval
std::optional<Interval> auc_logit_interval(const AucEstimate& estimate, double level = 0.95);

/// The areas from which the one at hand is less than z standard errors away, these by Hanley and McNeil's formula
/// (Newcombe 2006, method 5): it says how far below 1 the area may lie where every pair is in order, which a variance
/// of 0 does not.
/// @param auc                   in [0, 1]
/// @param positives, negatives  how many independent cases (or clusters) there are of each, above 0
/// @throws InputError if a number is out of range
Interval newcombe_auc_interval(double auc, std::uint64_t positives, std::uint64_t negatives, double level = 0.95);

/// Of first - second, from the intervals above of both areas, put together as those of independent ones (Zou & Donner
/// 2008): of scores of the same cases, which go along, it is wider than need be. @throws as newcombe_auc_interval
Interval newcombe_auc_difference(double first, double second, std::uint64_t positives, std::uint64_t negatives,
                                 double level = 0.95);

/// Two scores of the same cases.
struct AucComparison {
  double first = 0, second = 0;  ///< areas
  double difference = 0;         ///< first - second
  double variance = 0;           ///< of the difference
  Interval interval;             ///< of the difference: +- z sqrt(variance)
  double z = 0;
  double p_value = 1;  ///< two-sided, normal: that the areas are equal
};

/// @param first, second  scores of the same cases, finite; shape [n]
/// @param cluster        as estimate_auc
/// @returns nothing where estimate_auc gives nothing, or where the areas differ with no variance to judge it by
/// @throws InputError if the shapes differ, a score is not finite, or the level is out of range
std::optional<AucComparison> compare_auc(std::span<const double> first, std::span<const double> second,
                                         std::span<const std::uint8_t> positive,
                                         std::span<const std::uint32_t> cluster = {}, double level = 0.95);

}  // namespace naevus::metrics
