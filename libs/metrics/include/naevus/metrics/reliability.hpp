#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "naevus/metrics/interval.hpp"

namespace naevus::metrics {

/// How confidences are put together.
enum class Binning {
  equal_width,  ///< (low, high] of equal widths over [0, 1]; 0 belongs to the first
  equal_mass,   ///< equally many cases in each, within one; equal confidences never part, which may leave fewer bins
};

/// What a model that said about this probability was worth.
struct ReliabilityBin {
  double low = 0, high = 0;  ///< the bin's bounds; of equal mass: its lowest and highest confidence
  std::uint64_t count = 0;   ///< cases
  double confidence = 0;     ///< their mean; 0 without cases
  double right = 0;          ///< share of them for which it came true; 0 without cases
};

/// Points of a reliability diagram, by rising confidence (Guo et al. 2017; of equal mass: Nguyen & O'Connor 2015).
/// @param confidence  in [0, 1]; shape [n]
/// @param right       1 where it came true; shape [n]
/// @param bins        at least 1
/// @throws InputError if the shapes differ, a confidence is out of range or there are no bins
std::vector<ReliabilityBin> reliability_bins(std::span<const double> confidence, std::span<const std::uint8_t> right,
                                             std::size_t bins = 15, Binning binning = Binning::equal_width);

/// Wilson's 95 % interval of a bin's share that came true. Nothing without cases.
std::optional<Interval> right_interval(const ReliabilityBin& bin);

/// Mean distance of confidence and truth, weighted by the bins' cases. Nothing without cases.
std::optional<double> expected_calibration_error(std::span<const ReliabilityBin> bins);

/// The highest probability of each case, and whether it was of the truth.
struct TopClass {
  std::vector<double> confidence;
  std::vector<std::uint8_t> right;
};
/// Of equal probabilities the first class counts, as in most_likely.
/// @param probabilities  in [0, 1], row-major [n, classes]
/// @param truth          class indices in [0, classes); shape [n]
/// @throws InputError if the shapes differ, an index or a probability is out of range
TopClass top_class(std::span<const double> probabilities, std::span<const int> truth, std::size_t classes);

/// Expected calibration error of each class's own probability, of all cases (Kull et al. 2019, whose classwise ECE is
/// their mean). Empty without cases. @throws as top_class and reliability_bins
std::vector<double> classwise_calibration_error(std::span<const double> probabilities, std::span<const int> truth,
                                                std::size_t classes, std::size_t bins = 15,
                                                Binning binning = Binning::equal_width);

/// Where a Brier score comes from (Murphy 1973, with the terms of Stephenson et al. 2008 for probabilities that differ
/// within a bin): score = reliability - resolution + uncertainty + within_variance - within_covariance, exactly.
struct BrierParts {
  double score = 0;
  double reliability = 0;                             ///< distance of the bins from the diagonal; 0 is best
  double resolution = 0;                              ///< how far the bins stand apart; more is better
  double uncertainty = 0;                             ///< of the cases, whatever the model
  double within_variance = 0, within_covariance = 0;  ///< 0 where a bin holds one probability only
};

/// The parts for many resamples of the cases; the bins stay those of all cases.
class BrierBins {
 public:
  /// Of one event: the score is the mean of (probability - right)^2. @throws as reliability_bins
  BrierBins(std::span<const double> probability, std::span<const std::uint8_t> right, std::size_t bins = 15,
            Binning binning = Binning::equal_width);
  /// Of all classes: the parts of each class's own probability, summed, so that the score is brier_score.
  /// @throws as classwise_calibration_error
  BrierBins(std::span<const double> probabilities, std::span<const int> truth, std::size_t classes,
            std::size_t bins = 15, Binning binning = Binning::equal_width);

  /// Nothing where no case is drawn.
  /// @param weight  how often each case was drawn; empty: once; shape [n]
  /// @throws InputError if the weights do not fit the cases
  std::optional<BrierParts> parts(std::span<const std::uint32_t> weight = {}) const;

 private:
  struct Event {
    std::vector<double> probability;
    std::vector<std::uint8_t> right;
    std::vector<std::size_t> bin;  // of each case
    std::size_t bins = 0;
  };
  void add(std::span<const double> probability, std::span<const std::uint8_t> right, std::size_t bins, Binning binning);
  static void add_parts(const Event& event, std::span<const std::uint32_t> weight, BrierParts& sum);

  std::size_t cases_ = 0;
  std::vector<Event> events_;
};

/// What a model with the same confidences would show if every one of them were right.
struct PerfectCalibration {
  double error = 0;     ///< expected calibration error of the model
  double expected = 0;  ///< mean of that of the perfect model: what the number of cases alone brings about
  double limit = 0;     ///< 95 % of the perfect model's lie at or below
  double p_value = 1;   ///< share of them that reach the model's, with one more that does (Davison & Hinkley 1997)
};
struct SimulationOptions {
  int simulations = 1000;
  std::uint64_t seed = 1;  ///< the same seed gives the same result
};
/// Draws for each case whether it comes true with its confidence as the chance, again and again (consistency
/// resampling, Broecker & Smith 2007). Nothing without cases.
/// @throws as reliability_bins; InputError without simulations
std::optional<PerfectCalibration> against_perfect_calibration(std::span<const double> confidence,
                                                              std::span<const std::uint8_t> right,
                                                              std::size_t bins = 15,
                                                              Binning binning = Binning::equal_width,
                                                              const SimulationOptions& options = {});

}  // namespace naevus::metrics
