#include "naevus/evaluate/calibrate.hpp"

#include <algorithm>

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
  const std::size_t classes = predictions.classes.size();
  const std::vector<int> truth = predictions.truth();
  if (predictions.logits.empty()) throw InputError("there are no logits to calibrate", predictions.source);
  Calibration result;
  result.temperature = metrics::fit_temperature(predictions.logits, truth, classes);
  Predictions calibrated = predictions;
  calibrated.probabilities = metrics::softmax(predictions.logits, classes, result.temperature);
  result.before = fit_of(predictions.probabilities, truth, classes);
  result.after = fit_of(calibrated.probabilities, truth, classes);

  std::vector<std::uint8_t> positive;
  for (const Case& item : predictions.cases)
    positive.push_back(std::count(predictions.malignant.begin(), predictions.malignant.end(), item.label) > 0 ? 1 : 0);
  const auto positives = static_cast<std::size_t>(std::count(positive.begin(), positive.end(), 1));
  if (positives > 0 && positives < positive.size())
    result.malignant = metrics::youden_point(metrics::roc_curve(calibrated.malignant_probability(), positive));
  return result;
}

}  // namespace naevus::evaluate
