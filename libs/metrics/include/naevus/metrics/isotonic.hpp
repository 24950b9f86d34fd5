#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace naevus::metrics {

/// A rising step curve through outcomes, joined by straight lines.
struct IsotonicFit {
  std::vector<double> score;        ///< rising
  std::vector<double> probability;  ///< at that score, non-decreasing, in [0, 1]

  /// Linear between the points; that of the nearest one outside of them.
  double operator()(double at) const;
};

/// Isotonic regression of the outcome on the score, by pooling adjacent violators (Ayer et al. 1955; scikit-learn's
/// IsotonicRegression with out_of_bounds="clip"): the non-decreasing probabilities with the least squared error. Equal
/// scores get one probability.
/// @param score, positive  as roc_curve
/// @throws InputError if the shapes differ, a score is not finite or there are no cases
IsotonicFit fit_isotonic(std::span<const double> score, std::span<const std::uint8_t> positive);

}  // namespace naevus::metrics
