#pragma once
#include <cstdint>
#include <optional>
#include <span>

#include "naevus/metrics/interval.hpp"

namespace naevus::metrics {

/// Logistic recalibration (Cox 1958): logit P(positive) = intercept + slope * logit(probability). A slope below 1 says
/// that the probabilities are too extreme.
struct CalibrationSlope {
  double slope = 1, intercept = 0;
  Interval slope_interval, intercept_interval;
  double in_the_large = 0;  ///< the intercept with the slope held at 1: above 0 where the probabilities are too low
  Interval in_the_large_interval;
};

/// By maximum likelihood; Wald's intervals, from the sandwich variance with the sums of clusters where those are given
/// (Liang & Zeger 1986, with the small-sample factor G/(G-1) * (n-1)/(n-k)).
/// @param probability  in [0, 1], clipped to [2^-52, 1 - 2^-52]; shape [n]
/// @param positive     1 for positive cases, 0 for others; shape [n]
/// @param cluster      each case's cluster, any numbers; empty: every case by itself, with the model's own variance
/// @param level        in (0, 1)
/// @returns nothing where the likelihood has no highest point: a class is empty, or a threshold of the probability
/// separates them; or where there is but one cluster
/// @throws InputError if the shapes differ or a number is out of range
std::optional<CalibrationSlope> calibration_slope(std::span<const double> probability,
                                                  std::span<const std::uint8_t> positive,
                                                  std::span<const std::uint32_t> cluster = {}, double level = 0.95);

}  // namespace naevus::metrics
