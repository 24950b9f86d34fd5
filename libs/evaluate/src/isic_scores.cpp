#include <array>
#include <memory>

#include "context.hpp"
#include "naevus/metrics/isic.hpp"

namespace naevus::evaluate {
namespace {

constexpr std::array ratios{&IsicRow::accuracy, &IsicRow::sensitivity,  &IsicRow::specificity,
                            &IsicRow::dice,     &IsicRow::ppv,          &IsicRow::npv,
                            &IsicRow::auc,      &IsicRow::auc_above_80, &IsicRow::average_precision};

/// A row's scores in the order of `ratios`.
void put(const metrics::IsicClass& scores, std::span<std::optional<double>> value) {
  const std::array<std::optional<double>, ratios.size()> all{
      scores.accuracy, scores.sensitivity,  scores.specificity,      scores.dice, scores.ppv, scores.npv,
      scores.auc,      scores.auc_above_80, scores.average_precision};
  std::copy(all.begin(), all.end(), value.begin());
}

std::vector<std::uint8_t> equal(std::span<const std::uint8_t> first, std::span<const std::uint8_t> second) {
  std::vector<std::uint8_t> same;
  for (std::size_t i = 0; i < first.size(); ++i) same.push_back(first[i] == second[i] ? 1 : 0);
  return same;
}

/// The proportions of one class while their intervals are drawn.
struct RowPlan {
  Share accuracy, sensitivity, specificity, ppv, npv;
};

RowPlan plan_row(const Context& context, Resampled& resampled, const metrics::IsicTable& table, std::size_t index) {
  const auto &called = table.called(index), &positive = table.positive(index);
  const std::vector<std::uint8_t> all(context.cases, 1), passed = inverted(called), negative = inverted(positive);
  return {.accuracy = add_share(context, resampled, all, equal(called, positive)),
          .sensitivity = add_share(context, resampled, positive, called),
          .specificity = add_share(context, resampled, negative, passed),
          .ppv = add_share(context, resampled, called, positive),
          .npv = add_share(context, resampled, passed, negative)};
}

}  // namespace

std::optional<ChallengeScore> challenge_score(const Evaluation& evaluation) {
  const std::string& challenge = evaluation.predictions.challenge;
  if (challenge == "isic2018" || challenge == "isic2019")
    return ChallengeScore{"balanced accuracy", evaluation.isic.balanced_accuracy};
  const Malignancy malignancy = evaluation.malignancy.value_or(Malignancy{});
  if (challenge == "isic2020") return ChallengeScore{"AUC", malignancy.auc};
  if (challenge == "isic2024") return ChallengeScore{"partial AUC above 80 % sensitivity", malignancy.partial_auc};
  return std::nullopt;
}

Fill plan_isic(const Context& context, Resampled& resampled) {
  const auto table =
      std::make_shared<metrics::IsicTable>(context.predictions.probabilities, context.truth, context.classes);
  std::vector<RowPlan> plans;
  for (std::size_t c = 0; c < context.classes; ++c) plans.push_back(plan_row(context, resampled, *table, c));
  // A row for each class, one for their mean, the balanced accuracy.
  const std::size_t mean = context.classes * ratios.size(), balanced = mean + ratios.size();
  const std::size_t place = resampled.add(balanced + 1, [=](Weights weight, std::span<std::optional<double>> value) {
    const metrics::IsicScores scores = table->scores(weight);
    for (std::size_t c = 0; c < scores.classes.size(); ++c)
      put(scores.classes[c], value.subspan(c * ratios.size(), ratios.size()));
    put(scores.mean, value.subspan(mean, ratios.size()));
    value[balanced] = scores.balanced_accuracy;
  });
  return [=, &context](const Resampled& drawn, Evaluation& result) {
    const auto row = [&](std::size_t first) {
      IsicRow estimates;
      for (std::size_t i = 0; i < ratios.size(); ++i) estimates.*ratios[i] = drawn.estimate(place + first + i);
      return estimates;
    };
    for (std::size_t c = 0; c < context.classes; ++c) {
      IsicRow estimates = row(c * ratios.size());
      const std::pair<Estimate IsicRow::*, const Share*> proportions[] = {
          {&IsicRow::accuracy, &plans[c].accuracy},
          {&IsicRow::sensitivity, &plans[c].sensitivity},
          {&IsicRow::specificity, &plans[c].specificity},
          {&IsicRow::ppv, &plans[c].ppv},
          {&IsicRow::npv, &plans[c].npv}};
      for (const auto& [score, share] : proportions) {
        const Estimate proportion = estimate(context, drawn, *share);
        // Of nothing, it is 1 by the scorer's definition, and no interval says how surely.
        if (proportion.value)
          estimates.*score = proportion;
        else
          estimates.*score = {(estimates.*score).value, std::nullopt, Method::none};
      }
      estimates.auc = result.classes[c].auc;
      result.isic.classes.push_back(estimates);
    }
    result.isic.mean = row(mean);
    result.isic.balanced_accuracy = drawn.estimate(place + balanced);
  };
}

}  // namespace naevus::evaluate
