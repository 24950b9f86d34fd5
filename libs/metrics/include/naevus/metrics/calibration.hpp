#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "naevus/metrics/reliability.hpp"
#include "naevus/metrics/roc.hpp"

namespace naevus::metrics {

/// Softmax of each row of logits / temperature.
/// @param logits  finite, row-major [n, classes]
/// @throws InputError if the values are no whole number of rows, one is not finite, or the temperature is not positive
std::vector<double> softmax(std::span<const double> logits, std::size_t classes, double temperature = 1);

/// Mean negative log-likelihood of the truth, probabilities clipped to [2^-52, 1 - 2^-52] as in scikit-learn. Nothing
/// without cases.
/// @param probabilities  in [0, 1], row-major [n, classes]
/// @param truth  class indices in [0, classes); shape [n]
/// @throws InputError if the shapes differ, an index is out of range or a probability is not in [0, 1]
std::optional<double> log_loss(std::span<const double> probabilities, std::span<const int> truth, std::size_t classes);

/// Mean over the cases of the squared distance from the one-hot truth, summed over the classes (Brier 1950), in [0, 2].
/// Nothing without cases. @throws as log_loss
std::optional<double> brier_score(std::span<const double> probabilities, std::span<const int> truth,
                                  std::size_t classes);

/// Expected calibration error of the most likely class (Guo et al. 2017): bins of its probability, mean of
/// |accuracy - confidence| weighted by the bins' cases. Nothing without cases. @throws as log_loss
std::optional<double> expected_calibration_error(std::span<const double> probabilities, std::span<const int> truth,
                                                 std::size_t classes, std::size_t bins = 15,
                                                 Binning binning = Binning::equal_width);

/// The temperature in [0.05, 20] that minimises the log loss of softmax(logits / temperature) (Guo et al. 2017); the
/// bound where the minimum lies beyond it, as for cases that are all called right.
/// @throws InputError if the shapes differ, there are no cases, an index is out of range or a logit is not finite
double fit_temperature(std::span<const double> logits, std::span<const int> truth, std::size_t classes);

/// What the logits of a calibration part ask of a model.
struct Calibration {
  double temperature = 1;             ///< fit_temperature
  std::vector<double> probabilities;  ///< with it, row-major [n, classes]
  /// Of the summed probability of the malignant classes, at youden_point. Nothing without malignant classes, or without
  /// cases of both kinds.
  std::optional<OperatingPoint> malignant;
  std::optional<double> malignant_auc;  ///< likewise
};

/// @param malignant  indices of the malignant classes; may be empty
/// @throws as fit_temperature; InputError if an index is out of range
Calibration calibrate(std::span<const double> logits, std::span<const int> truth, std::size_t classes,
                      std::span<const int> malignant);

/// The sum of some classes' probabilities in each row; shape [n].
/// @param chosen  class indices
/// @throws InputError if the values are no whole number of rows, one is not finite or an index is out of range
std::vector<double> summed_probability(std::span<const double> probabilities, std::size_t classes,
                                       std::span<const int> chosen);

}  // namespace naevus::metrics
