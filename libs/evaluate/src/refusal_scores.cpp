#include <algorithm>
#include <cmath>
#include <numeric>

#include "context.hpp"

namespace naevus::evaluate {
namespace {

/// Cases from the surest down, for the area under the risk-coverage curve of resamples.
struct Ranked {
  std::vector<std::uint32_t> index;
  std::vector<std::uint8_t> wrong;       ///< of each in that order
  std::vector<std::uint8_t> last_equal;  ///< 1 where the next one's confidence is another

  /// metrics::RiskCoverage::area, each case counted as often as its weight says.
  std::optional<double> area(Weights weight) const {
    double answered = 0, errors = 0, total = 0;  // of the blocks of equal confidence before
    double size = 0, mistakes = 0;               // of this one
    for (std::size_t i = 0; i < index.size(); ++i) {
      const double times = weight.empty() ? 1 : weight[index[i]];
      size += times;
      mistakes += wrong[i] != 0 ? times : 0;
      if (last_equal[i] == 0) continue;
      for (double k = 1; k <= size; ++k) total += (errors + mistakes * k / size) / (answered + k);
      answered += size;
      errors += mistakes;
      size = mistakes = 0;
    }
    return answered > 0 ? std::optional(total / answered) : std::nullopt;
  }
};

Ranked ranked(const std::vector<double>& confidence, const std::vector<std::uint8_t>& right) {
  Ranked result;
  result.index.resize(confidence.size());
  std::iota(result.index.begin(), result.index.end(), 0U);
  std::stable_sort(result.index.begin(), result.index.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return confidence[a] > confidence[b]; });
  for (std::size_t i = 0; i < result.index.size(); ++i) {
    const std::uint32_t at = result.index[i];
    result.wrong.push_back(right[at] == 0 ? 1 : 0);
    const bool last = i + 1 == result.index.size() || confidence[result.index[i + 1]] != confidence[at];
    result.last_equal.push_back(last ? 1 : 0);
  }
  return result;
}

/// One order of answering while its intervals are drawn.
struct Plan {
  std::string by;
  std::vector<double> confidence;
  std::vector<double> coverage;
  std::vector<Share> accuracy;
  std::size_t area = 0;
};

Plan plan_of(const Context& context, Resampled& resampled, std::string by, std::vector<double> confidence,
             const std::vector<std::uint8_t>& right) {
  Plan plan;
  plan.by = std::move(by);
  const Ranked order = ranked(confidence, right);
  for (int percent = 100; percent >= 50; percent -= 10) {
    const double coverage = percent / 100.0;
    const auto answered = static_cast<std::size_t>(std::ceil(coverage * static_cast<double>(context.cases) - 1e-9));
    const double limit = confidence[order.index[answered - 1]];
    std::vector<std::uint8_t> among;
    for (const double value : confidence) among.push_back(value >= limit ? 1 : 0);
    plan.accuracy.push_back(add_share(context, resampled, among, right));
    plan.coverage.push_back(static_cast<double>(plan.accuracy.back().index.size()) /
                            static_cast<double>(context.cases));
  }
  plan.area = resampled.add([order](Weights weight) { return order.area(weight); });
  plan.confidence = std::move(confidence);
  return plan;
}

Answering filled(const Context& context, const Resampled& drawn, const Plan& plan,
                 const std::vector<std::uint8_t>& right) {
  Answering answering;
  answering.by = plan.by;
  answering.curve = metrics::risk_coverage(plan.confidence, right);
  answering.area = drawn.estimate(plan.area);
  answering.coverage = plan.coverage;
  for (const Share& share : plan.accuracy) answering.accuracy.push_back(estimate(context, drawn, share));
  return answering;
}

std::vector<double> highest_probability(const Context& context) {
  std::vector<double> highest;
  for (std::size_t i = 0; i < context.cases; ++i)
    highest.push_back(
        context.predictions.probabilities[i * context.classes + static_cast<std::size_t>(context.called[i])]);
  return highest;
}

}  // namespace

Fill plan_refusal(const Context& context, Resampled& resampled) {
  std::vector<std::uint8_t> right;
  for (std::size_t i = 0; i < context.cases; ++i) right.push_back(context.called[i] == context.truth[i] ? 1 : 0);
  std::vector<Plan> plans;
  plans.push_back(plan_of(context, resampled, "confidence", highest_probability(context), right));
  const std::vector<double>& ood = context.predictions.ood_score;
  if (!ood.empty()) {
    std::vector<double> likeness;
    for (const double value : ood) likeness.push_back(-value);
    plans.push_back(plan_of(context, resampled, "ood_score", std::move(likeness), right));
  }
  std::vector<Share> limit;
  if (!ood.empty() && context.predictions.ood_limit) {
    std::vector<std::uint8_t> refused, answered;
    for (const double value : ood) {
      refused.push_back(value > *context.predictions.ood_limit ? 1 : 0);
      answered.push_back(refused.back() == 0 ? 1 : 0);
    }
    const std::vector<std::uint8_t> all(context.cases, 1);
    limit = {add_share(context, resampled, all, refused), add_share(context, resampled, answered, right),
             add_share(context, resampled, refused, right)};
  }
  return [=, &context](const Resampled& drawn, Evaluation& result) {
    for (const Plan& plan : plans) result.refusal.answering.push_back(filled(context, drawn, plan, right));
    if (limit.empty()) return;
    result.refusal.limit = {.limit = *context.predictions.ood_limit,
                            .refused = estimate(context, drawn, limit[0]),
                            .accuracy_answered = estimate(context, drawn, limit[1]),
                            .accuracy_refused = estimate(context, drawn, limit[2])};
  };
}

}  // namespace naevus::evaluate
