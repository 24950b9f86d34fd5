#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>

#include "context.hpp"
#include "naevus/metrics/ranked_scores.hpp"

namespace naevus::evaluate {
namespace {

constexpr std::array triage_sensitivities{0.90, 0.95, 0.98};

/// A threshold with its shares, while their intervals are drawn.
struct Plan {
  Decision decision;
  Share sensitivity, specificity, positive_value, negative_value, sent_home;
};

void count(const Context& context, const std::vector<std::uint8_t>& called, Decision& decision) {
  for (std::size_t i = 0; i < called.size(); ++i) {
    const bool ill = context.malignant[i] != 0;
    if (called[i] != 0)
      ++(ill ? decision.true_positives : decision.false_positives);
    else
      ++(ill ? decision.false_negatives : decision.true_negatives);
  }
}

std::vector<std::uint8_t> called_at(const Context& context, const std::optional<double>& threshold) {
  std::vector<std::uint8_t> called;
  for (const double share : context.share) called.push_back(threshold && share >= *threshold ? 1 : 0);
  return called;
}

Plan plan_of(const Context& context, Resampled& resampled, Decision decision) {
  const auto called = called_at(context, decision.threshold), passed = inverted(called);
  const auto benign = inverted(context.malignant);
  count(context, called, decision);
  Plan plan{.decision = std::move(decision),
            .sensitivity = add_share(context, resampled, context.malignant, called),
            .specificity = add_share(context, resampled, benign, passed),
            .positive_value = add_share(context, resampled, called, context.malignant),
            .negative_value = add_share(context, resampled, passed, benign),
            .sent_home = add_share(context, resampled, std::vector<std::uint8_t>(context.cases, 1), passed)};
  return plan;
}

Decision filled(const Context& context, const Resampled& drawn, const Plan& plan) {
  Decision decision = plan.decision;
  decision.sensitivity = estimate(context, drawn, plan.sensitivity);
  decision.specificity = estimate(context, drawn, plan.specificity);
  decision.positive_predictive_value = estimate(context, drawn, plan.positive_value);
  decision.negative_predictive_value = estimate(context, drawn, plan.negative_value);
  decision.sent_home = estimate(context, drawn, plan.sent_home);
  return decision;
}

/// The model's own thresholds: the one that it answers with, then those that were fitted beside it.
std::vector<Plan> plans_of(const Context& context, Resampled& resampled) {
  std::vector<Plan> plans;
  const Predictions& predictions = context.predictions;
  if (predictions.malignant_threshold) {
    Decision own;
    own.rule = "model";
    own.threshold = predictions.malignant_threshold;
    plans.push_back(plan_of(context, resampled, std::move(own)));
  }
  for (const model::DecisionPoint& point : predictions.decision_points) {
    Decision decision;
    decision.rule = point.rule;
    decision.aim = point.aim;
    decision.threshold = point.threshold;
    decision.expected_sensitivity = point.sensitivity;
    decision.expected_specificity = point.specificity;
    plans.push_back(plan_of(context, resampled, std::move(decision)));
  }
  return plans;
}

/// Shares at the highest threshold that reaches the sensitivity, which is chosen anew for every resample.
enum TriageSlot : std::size_t { sensitivity, specificity, positive_value, negative_value, sent_home, triage_slots };

void score_triage(const metrics::RankedScores& ranked, double least, Weights weight,
                  std::span<std::optional<double>> value) {
  const auto called = ranked.called(weight);
  if (called.empty() || called.back().positives == 0 || called.back().negatives == 0) return;
  const auto positives = static_cast<double>(called.back().positives);
  const auto negatives = static_cast<double>(called.back().negatives);
  const auto at = std::find_if(called.begin(), called.end(), [&](const auto& point) {
    return static_cast<double>(point.positives) >= least * positives;
  });
  const auto hits = static_cast<double>(at->positives), alarms = static_cast<double>(at->negatives);
  value[sensitivity] = hits / positives;
  value[specificity] = 1 - alarms / negatives;
  value[positive_value] = hits / (hits + alarms);
  value[sent_home] = 1 - (hits + alarms) / (positives + negatives);
  if (hits + alarms < positives + negatives)
    value[negative_value] = (negatives - alarms) / (positives + negatives - hits - alarms);
}

Decision triage_at(const Context& context, double least, const Resampled& drawn, std::size_t place) {
  Decision decision;
  decision.rule = "sensitivity";
  decision.aim = least;
  decision.fitted_here = true;
  decision.threshold = metrics::triage(context.share, context.malignant, least).point.threshold;
  count(context, called_at(context, decision.threshold), decision);
  decision.sensitivity = drawn.estimate(place + sensitivity);
  decision.specificity = drawn.estimate(place + specificity);
  decision.positive_predictive_value = drawn.estimate(place + positive_value);
  decision.negative_predictive_value = drawn.estimate(place + negative_value);
  decision.sent_home = drawn.estimate(place + sent_home);
  return decision;
}

std::vector<double> each_percent() {
  std::vector<double> thresholds;
  for (int percent = 1; percent < 100; ++percent) thresholds.push_back(percent / 100.0);
  return thresholds;
}

}  // namespace

std::string rule_name(const std::string& rule, double aim) {
  if (rule == "model") return "the model's threshold";
  if (rule == "youden") return "largest sensitivity + specificity (Youden)";
  if (rule == "sensitivity") return fmt::format("sensitivity of {:g} %", 100 * aim);
  if (rule == "specificity") return fmt::format("specificity of {:g} %", 100 * aim);
  if (rule == "cost") return fmt::format("lowest cost, a miss counting as {:g} false alarms", aim);
  if (rule == "net_benefit") return fmt::format("largest net benefit for acting from {:g} %", 100 * aim);
  return rule;
}

Fill plan_decisions(const Context& context, Resampled& resampled) {
  if (!context.has_both_kinds()) return [](const Resampled&, Evaluation&) {};
  const std::vector<Plan> plans = plans_of(context, resampled);
  const auto ranked = std::make_shared<metrics::RankedScores>(context.share, context.malignant);
  std::vector<std::size_t> places;
  for (const double least : triage_sensitivities)
    places.push_back(resampled.add(triage_slots, [=](Weights weight, std::span<std::optional<double>> value) {
      score_triage(*ranked, least, weight, value);
    }));
  const std::vector<double> thresholds = each_percent();
  const std::size_t benefit =
      resampled.add(thresholds.size(), [=](Weights weight, std::span<std::optional<double>> value) {
        const std::vector<double> all = metrics::net_benefit(*ranked, thresholds, weight);
        std::copy(all.begin(), all.end(), value.begin());
      });
  return [=, &context](const Resampled& drawn, Evaluation& result) {
    Decisions& decisions = result.decisions.emplace();
    for (const Plan& plan : plans) decisions.at.push_back(filled(context, drawn, plan));
    for (std::size_t i = 0; i < places.size(); ++i)
      decisions.triage.push_back(triage_at(context, triage_sensitivities[i], drawn, places[i]));
    decisions.curve = metrics::decision_curve(context.share, context.malignant, thresholds);
    for (std::size_t i = 0; i < thresholds.size(); ++i) decisions.net_benefit.push_back(drawn.estimate(benefit + i));
    if (decisions.at.empty() || decisions.at[0].rule != "model") return;
    const Decision& own = decisions.at[0];
    result.malignancy->at_threshold = {*own.threshold, own.sensitivity.value.value_or(0),
                                       own.specificity.value.value_or(0)};
    result.malignancy->sensitivity = own.sensitivity;
    result.malignancy->specificity = own.specificity;
  };
}

}  // namespace naevus::evaluate
