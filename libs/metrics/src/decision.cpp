#include "naevus/metrics/decision.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "check.hpp"
#include "naevus/base/error.hpp"

namespace naevus::metrics {
namespace {

double share_of_positives(std::span<const std::uint8_t> positive) {
  const auto count = std::count_if(positive.begin(), positive.end(), [](auto value) { return value != 0; });
  return static_cast<double>(count) / static_cast<double>(positive.size());
}

/// Who is called positive at that threshold or above.
RankedScores::Called called_from(const std::vector<RankedScores::Called>& called, double threshold) {
  const auto past = std::partition_point(called.begin(), called.end(),
                                         [&](const RankedScores::Called& at) { return at.threshold >= threshold; });
  return past == called.begin() ? RankedScores::Called{} : *(past - 1);
}

}  // namespace

OperatingPoint lowest_cost_point(std::span<const double> score, std::span<const std::uint8_t> positive,
                                 const Costs& costs) {
  for (const double cost : {costs.miss, costs.alarm})
    if (!(cost > 0 && std::isfinite(cost))) throw InputError(fmt::format("the cost {} is not above 0", cost));
  if (costs.prevalence) check::open_share(*costs.prevalence, "the prevalence");
  const RocCurve curve = roc_curve(score, positive);
  const double prevalence = costs.prevalence.value_or(share_of_positives(positive));
  const auto cost = [&](std::size_t i) {
    return prevalence * costs.miss * (1 - curve.true_positive_rate[i]) +
           (1 - prevalence) * costs.alarm * curve.false_positive_rate[i];
  };
  std::size_t best = 0;
  for (std::size_t i = 1; i < curve.threshold.size(); ++i)
    if (cost(i) <= cost(best)) best = i;
  return {curve.threshold[best], curve.true_positive_rate[best], 1 - curve.false_positive_rate[best]};
}

DecisionCurve decision_curve(std::span<const double> probability, std::span<const std::uint8_t> positive,
                             std::span<const double> threshold, std::optional<double> prevalence) {
  check::shares(probability, "probability");
  for (const double value : threshold) check::open_share(value, "the threshold");
  const std::vector<RankedScores::Called> called = RankedScores(probability, positive).called();
  if (called.empty()) throw InputError("there are no cases");
  const auto positives = static_cast<double>(called.back().positives);
  const auto negatives = static_cast<double>(called.back().negatives);
  DecisionCurve curve{{threshold.begin(), threshold.end()}, {}, {}, positives / (positives + negatives)};
  // Weights that bring the cases to the prevalence asked for.
  double of_positive = 1 / (positives + negatives), of_negative = of_positive;
  if (prevalence) {
    check::open_share(*prevalence, "the prevalence");
    if (positives == 0 || negatives == 0) throw InputError("cases of one class have no net benefit at a prevalence");
    curve.prevalence = *prevalence;
    of_positive = *prevalence / positives;
    of_negative = (1 - *prevalence) / negatives;
  }
  for (const double value : threshold) {
    const double odds = value / (1 - value);
    const RankedScores::Called at = called_from(called, value);
    curve.net_benefit.push_back(of_positive * static_cast<double>(at.positives) -
                                of_negative * static_cast<double>(at.negatives) * odds);
    curve.treat_all.push_back(of_positive * positives - of_negative * negatives * odds);
  }
  return curve;
}

std::vector<double> net_benefit(const RankedScores& probability, std::span<const double> threshold,
                                std::span<const std::uint32_t> weight) {
  const std::vector<RankedScores::Called> called = probability.called(weight);
  if (called.empty()) return {};
  const auto cases = static_cast<double>(called.back().positives + called.back().negatives);
  std::vector<double> result;
  for (const double value : threshold) {
    check::open_share(value, "the threshold");
    const RankedScores::Called at = called_from(called, value);
    result.push_back((static_cast<double>(at.positives) - static_cast<double>(at.negatives) * value / (1 - value)) /
                     cases);
  }
  return result;
}

Triage triage(std::span<const double> score, std::span<const std::uint8_t> positive, double sensitivity) {
  Triage result{.point = at_sensitivity(roc_curve(score, positive), sensitivity)};
  for (std::size_t i = 0; i < score.size(); ++i) {
    if (score[i] >= result.point.threshold) {
      ++result.referred;
      continue;
    }
    ++result.sent_home;
    if (positive[i] != 0) ++result.missed;
  }
  result.share_sent_home = static_cast<double>(result.sent_home) / static_cast<double>(score.size());
  if (result.sent_home > 0)
    result.missed_of_sent_home = static_cast<double>(result.missed) / static_cast<double>(result.sent_home);
  return result;
}

}  // namespace naevus::metrics
