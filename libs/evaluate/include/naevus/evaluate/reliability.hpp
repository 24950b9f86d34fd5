#pragma once
#include <optional>
#include <vector>

#include "naevus/evaluate/estimate.hpp"
#include "naevus/metrics/calibration_slope.hpp"
#include "naevus/metrics/conformal.hpp"
#include "naevus/metrics/reliability.hpp"

namespace naevus::evaluate {

/// The most likely class's probability in bins of one kind.
struct BinnedReliability {
  metrics::Binning binning = metrics::Binning::equal_width;
  std::vector<metrics::ReliabilityBin> bins;
  Estimate error;                       ///< expected calibration error
  Estimate classwise;                   ///< mean of the classes' errors
  std::vector<Estimate> class_error;    ///< of each class's own probability
  metrics::PerfectCalibration perfect;  ///< what a perfectly calibrated model with the same probabilities shows
};

/// metrics::BrierParts with intervals.
struct BrierEstimates {
  Estimate score, reliability, resolution, uncertainty;
  Estimate within;  ///< within_variance - within_covariance
};

/// Whether the probabilities mean what they say.
struct Reliability {
  BinnedReliability equal_width, equal_mass;
  BrierEstimates brier;                                 ///< all classes, bins of equal width
  std::optional<metrics::CalibrationSlope> top_slope;   ///< of the most likely class's probability
  std::vector<metrics::ReliabilityBin> malignant_bins;  ///< of the malignant share; empty without malignant classes
  std::optional<metrics::CalibrationSlope> malignant_slope;
  Method slope_method = Method::likelihood;
};

/// What the card's prediction sets were worth here.
struct SetCoverage {
  double promised = 0.9;
  bool by_class = false;
  metrics::SetScores scores;
  Estimate coverage, single, empty;  ///< shares of the pictures
  Estimate mean_size;
  std::vector<Estimate> class_coverage;  ///< of each class's pictures
};

}  // namespace naevus::evaluate
