#include "naevus/evaluate/calibrate.hpp"

#include "naevus/base/error.hpp"
#include "naevus/metrics/calibration.hpp"

namespace naevus::evaluate {
namespace {

Fit fit_of(const std::vector<double>& probabilities, const std::vector<int>& truth, std::size_t classes) {
  return {metrics::log_loss(probabilities, truth, classes).value(),
          metrics::expected_calibration_error(probabilities, truth, classes).value()};
}

}  // namespace

Calibration calibrate(const Predictions& predictions) {
  if (predictions.logits.empty()) throw InputError("there are no logits to calibrate", predictions.source);
  const std::size_t classes = predictions.classes.size();
  const std::vector<int> truth = predictions.truth();
  const auto fitted = metrics::calibrate(predictions.logits, truth, classes, predictions.malignant_indices());
  return {.temperature = fitted.temperature,
          .before = fit_of(predictions.probabilities, truth, classes),
          .after = fit_of(fitted.probabilities, truth, classes),
          .malignant = fitted.malignant};
}

}  // namespace naevus::evaluate
