#include "naevus/metrics/calibration.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "check.hpp"
#include "naevus/base/error.hpp"

namespace naevus::metrics {
namespace {

using Rows = Eigen::Map<const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>;

constexpr double lowest_temperature = 0.05, highest_temperature = 20;

Rows rows(std::span<const double> values, std::size_t classes) {
  return {values.data(), static_cast<Eigen::Index>(values.size() / classes), static_cast<Eigen::Index>(classes)};
}

/// d/d(1/T) of the mean log loss: expected minus true logit. It rises with 1/T, as the loss is convex in it.
double slope(const Rows& logits, std::span<const int> truth, double inverse) {
  double sum = 0;
  for (Eigen::Index i = 0; i < logits.rows(); ++i) {
    const auto row = logits.row(i).array();
    const double top = row.maxCoeff();
    const Eigen::ArrayXd weight = ((row - top) * inverse).exp().transpose();
    const Eigen::ArrayXd below_top = (row - top).transpose();
    sum += (weight * below_top).sum() / weight.sum() - (row(truth[static_cast<std::size_t>(i)]) - top);
  }
  return sum / static_cast<double>(logits.rows());
}

}  // namespace

std::vector<double> softmax(std::span<const double> logits, std::size_t classes, double temperature) {
  check::rows(logits, classes, "logits");
  if (!(temperature > 0)) throw InputError("the temperature must be above 0");
  std::vector<double> result(logits.size());
  for (std::size_t begin = 0; begin < logits.size(); begin += classes) {
    const auto row = logits.subspan(begin, classes);
    const double top = *std::max_element(row.begin(), row.end());
    double sum = 0;
    for (std::size_t i = 0; i < classes; ++i) sum += result[begin + i] = std::exp((row[i] - top) / temperature);
    for (std::size_t i = 0; i < classes; ++i) result[begin + i] /= sum;
  }
  return result;
}

std::optional<double> log_loss(std::span<const double> probabilities, std::span<const int> truth, std::size_t classes) {
  check::probabilities(probabilities, truth, classes);
  if (truth.empty()) return std::nullopt;
  constexpr double epsilon = std::numeric_limits<double>::epsilon();
  double sum = 0;
  for (std::size_t i = 0; i < truth.size(); ++i)
    sum -= std::log(std::clamp(probabilities[i * classes + static_cast<std::size_t>(truth[i])], epsilon, 1 - epsilon));
  return sum / static_cast<double>(truth.size());
}

std::optional<double> brier_score(std::span<const double> probabilities, std::span<const int> truth,
                                  std::size_t classes) {
  check::probabilities(probabilities, truth, classes);
  if (truth.empty()) return std::nullopt;
  double sum = 0;
  for (std::size_t i = 0; i < probabilities.size(); ++i) {
    const double aim = static_cast<std::size_t>(truth[i / classes]) == i % classes ? 1 : 0;
    sum += (probabilities[i] - aim) * (probabilities[i] - aim);
  }
  return sum / static_cast<double>(truth.size());
}

std::optional<double> expected_calibration_error(std::span<const double> probabilities, std::span<const int> truth,
                                                 std::size_t classes, std::size_t bins, Binning binning) {
  const TopClass top = top_class(probabilities, truth, classes);
  return expected_calibration_error(reliability_bins(top.confidence, top.right, bins, binning));
}

double fit_temperature(std::span<const double> logits, std::span<const int> truth, std::size_t classes) {
  check::table(logits, truth, classes, "logits and truths");
  if (truth.empty()) throw InputError("there are no cases to fit the temperature on");
  const Rows table = rows(logits, classes);
  // The root of a rising function, by bisection on log(1/T): safe for separable cases, exact to rounding in 60 steps.
  double low = -std::log(highest_temperature), high = -std::log(lowest_temperature);
  if (slope(table, truth, std::exp(high)) <= 0) return lowest_temperature;
  if (slope(table, truth, std::exp(low)) >= 0) return highest_temperature;
  for (int step = 0; step < 60; ++step) {
    const double middle = (low + high) / 2;
    (slope(table, truth, std::exp(middle)) > 0 ? high : low) = middle;
  }
  return std::exp(-(low + high) / 2);
}

std::vector<double> summed_probability(std::span<const double> probabilities, std::size_t classes,
                                       std::span<const int> chosen) {
  check::rows(probabilities, classes, "probabilities");
  check::indices(chosen, classes);
  std::vector<double> sums(probabilities.size() / classes, 0.0);
  for (const int c : chosen)
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += probabilities[i * classes + static_cast<std::size_t>(c)];
  return sums;
}

Calibration calibrate(std::span<const double> logits, std::span<const int> truth, std::size_t classes,
                      std::span<const int> malignant) {
  Calibration result;
  result.temperature = fit_temperature(logits, truth, classes);
  result.probabilities = softmax(logits, classes, result.temperature);
  const std::vector<double> share = summed_probability(result.probabilities, classes, malignant);
  std::vector<std::uint8_t> positive(truth.size(), 0);
  for (std::size_t i = 0; i < truth.size(); ++i)
    if (std::find(malignant.begin(), malignant.end(), truth[i]) != malignant.end()) positive[i] = 1;
  const auto positives = static_cast<std::size_t>(std::count(positive.begin(), positive.end(), 1));
  if (positives == 0 || positives == positive.size()) return result;
  result.malignant = youden_point(roc_curve(share, positive));
  result.malignant_auc = roc_auc(share, positive);
  return result;
}

}  // namespace naevus::metrics
