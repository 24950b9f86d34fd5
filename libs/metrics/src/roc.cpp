#include "naevus/metrics/roc.hpp"

#include <algorithm>
#include <utility>

#include "check.hpp"
#include "naevus/base/error.hpp"
#include "naevus/metrics/ranked_scores.hpp"

namespace naevus::metrics {

RocCurve roc_curve(std::span<const double> score, std::span<const std::uint8_t> positive) {
  if (auto curve = RankedScores(score, positive).curve()) return *std::move(curve);
  const bool no_positives =
      std::none_of(positive.begin(), positive.end(), [](std::uint8_t value) { return value != 0; });
  throw InputError(no_positives ? "there are no positive cases" : "there are no negative cases");
}

OperatingPoint at_sensitivity(const RocCurve& curve, double sensitivity) {
  check::share(sensitivity, "the sensitivity");
  // Both rates rise along the curve, so the first point that is sensitive enough is the most specific one.
  const auto first = std::lower_bound(curve.true_positive_rate.begin(), curve.true_positive_rate.end(), sensitivity);
  const auto i = static_cast<std::size_t>(first - curve.true_positive_rate.begin());
  return {curve.threshold[i], curve.true_positive_rate[i], 1 - curve.false_positive_rate[i]};
}

OperatingPoint at_specificity(const RocCurve& curve, double specificity) {
  check::share(specificity, "the specificity");
  std::size_t i = curve.threshold.size() - 1;
  while (1 - curve.false_positive_rate[i] < specificity) --i;
  return {curve.threshold[i], curve.true_positive_rate[i], 1 - curve.false_positive_rate[i]};
}

OperatingPoint youden_point(const RocCurve& curve) {
  std::size_t best = 1;
  const auto gain = [&](std::size_t i) { return curve.true_positive_rate[i] - curve.false_positive_rate[i]; };
  for (std::size_t i = 2; i < curve.threshold.size(); ++i)
    if (gain(i) >= gain(best)) best = i;
  return {curve.threshold[best], curve.true_positive_rate[best], 1 - curve.false_positive_rate[best]};
}

std::optional<double> roc_auc(std::span<const double> score, std::span<const std::uint8_t> positive) {
  return RankedScores(score, positive).auc();
}

std::vector<std::optional<double>> one_against_rest_auc(std::span<const double> scores, std::span<const int> truth,
                                                        std::size_t classes) {
  check::table(scores, truth, classes, "scores and truths");
  std::vector<std::optional<double>> areas;
  for (std::size_t i = 0; i < classes; ++i)
    areas.push_back(roc_auc(column(scores, classes, i), is_class(truth, static_cast<int>(i))));
  return areas;
}

std::optional<double> macro_auc(std::span<const double> scores, std::span<const int> truth, std::size_t classes) {
  return mean_of_present(one_against_rest_auc(scores, truth, classes));
}

std::optional<double> mean_of_present(std::span<const std::optional<double>> values) {
  double sum = 0;
  int present = 0;
  for (const auto& value : values) {
    if (!value) continue;
    sum += *value;
    ++present;
  }
  if (present == 0) return std::nullopt;
  return sum / present;
}

std::vector<std::uint8_t> is_class(std::span<const int> truth, int index) {
  std::vector<std::uint8_t> flags(truth.size());
  std::transform(truth.begin(), truth.end(), flags.begin(), [index](int value) { return value == index ? 1 : 0; });
  return flags;
}

std::vector<double> column(std::span<const double> scores, std::size_t classes, std::size_t index) {
  std::vector<double> values(scores.size() / classes);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = scores[i * classes + index];
  return values;
}

}  // namespace naevus::metrics
