#include "naevus/metrics/roc.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "check.hpp"
#include "naevus/base/error.hpp"

namespace naevus::metrics {
namespace {

std::vector<std::uint32_t> by_falling_score(std::span<const double> score, std::span<const std::uint8_t> positive) {
  check::same_length(score.size(), positive.size(), "scores and classes");
  check::finite(score, "score");
  if (score.size() > std::numeric_limits<std::uint32_t>::max()) throw InputError("more than 4 thousand million cases");
  std::vector<std::uint32_t> order(score.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return score[a] > score[b]; });
  return order;
}

}  // namespace

RocCurve roc_curve(std::span<const double> score, std::span<const std::uint8_t> positive) {
  const std::vector<std::uint32_t> order = by_falling_score(score, positive);
  const auto positives = static_cast<double>(
      std::count_if(positive.begin(), positive.end(), [](std::uint8_t value) { return value != 0; }));
  const double negatives = static_cast<double>(positive.size()) - positives;
  if (positives == 0) throw InputError("there are no positive cases");
  if (negatives == 0) throw InputError("there are no negative cases");
  RocCurve curve{{0}, {0}, {std::numeric_limits<double>::infinity()}};
  double hits = 0, alarms = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    (positive[order[i]] != 0 ? hits : alarms) += 1;
    if (i + 1 < order.size() && score[order[i + 1]] == score[order[i]]) continue;
    curve.false_positive_rate.push_back(alarms / negatives);
    curve.true_positive_rate.push_back(hits / positives);
    curve.threshold.push_back(score[order[i]]);
  }
  return curve;
}

OperatingPoint at_sensitivity(const RocCurve& curve, double sensitivity) {
  // Both rates rise along the curve, so the first point that is sensitive enough is the most specific one.
  const auto first = std::lower_bound(curve.true_positive_rate.begin(), curve.true_positive_rate.end(), sensitivity);
  const auto i = static_cast<std::size_t>(first - curve.true_positive_rate.begin());
  return {curve.threshold[i], curve.true_positive_rate[i], 1 - curve.false_positive_rate[i]};
}

OperatingPoint youden_point(const RocCurve& curve) {
  std::size_t best = 1;
  const auto gain = [&](std::size_t i) { return curve.true_positive_rate[i] - curve.false_positive_rate[i]; };
  for (std::size_t i = 2; i < curve.threshold.size(); ++i)
    if (gain(i) >= gain(best)) best = i;
  return {curve.threshold[best], curve.true_positive_rate[best], 1 - curve.false_positive_rate[best]};
}

RankedScores::RankedScores(std::span<const double> score, std::span<const std::uint8_t> positive) {
  const std::vector<std::uint32_t> order = by_falling_score(score, positive);
  cases_.reserve(order.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    cases_.push_back({.index = order[i],
                      .positive = positive[order[i]] != 0,
                      .last_of_ties = i + 1 == order.size() || score[order[i]] != score[order[i + 1]]});
}

std::optional<double> RankedScores::auc(std::span<const std::uint32_t> weight) const {
  if (!weight.empty()) check::same_length(cases_.size(), weight.size(), "scores and weights");
  // Pairs, doubled so that a tie counts one: for each group of ties, its negatives against the positives above and
  // within.
  std::uint64_t above = 0, positives = 0, negatives = 0, all_negatives = 0, doubled = 0;
  for (const Case& item : cases_) {
    const std::uint64_t times = weight.empty() ? 1 : weight[item.index];
    positives += item.positive ? times : 0;
    negatives += item.positive ? 0 : times;
    if (!item.last_of_ties) continue;
    doubled += negatives * (2 * above + positives);
    above += positives;
    all_negatives += negatives;
    positives = negatives = 0;
  }
  if (above == 0 || all_negatives == 0) return std::nullopt;
  return static_cast<double>(doubled) / (2 * static_cast<double>(above) * static_cast<double>(all_negatives));
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
