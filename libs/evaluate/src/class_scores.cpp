#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "context.hpp"
#include "naevus/metrics/agreement.hpp"
#include "naevus/metrics/calibration.hpp"
#include "naevus/metrics/partial_auc.hpp"
#include "naevus/metrics/ranked_scores.hpp"
#include "naevus/metrics/top_k.hpp"

namespace naevus::evaluate {
namespace {

/// Each of the averages takes four places: precision, recall, specificity, F1.
enum OverallSlot : std::size_t {
  balanced_accuracy,
  kappa,
  matthews,
  macro,
  weighted = macro + 4,
  class_f1 = weighted + 4
};

void put(const metrics::Averages& mean, std::span<std::optional<double>> value) {
  value[0] = mean.precision;
  value[1] = mean.recall;
  value[2] = mean.specificity;
  value[3] = mean.f1;
}

AverageScores averages(const Resampled& drawn, std::size_t place) {
  return {.precision = drawn.estimate(place),
          .recall = drawn.estimate(place + 1),
          .specificity = drawn.estimate(place + 2),
          .f1 = drawn.estimate(place + 3)};
}

/// What the confusion matrix of a resample says; behind the named ones, F1 of each class.
void score_matrix(const metrics::ConfusionMatrix& matrix, std::span<std::optional<double>> value) {
  value[balanced_accuracy] = metrics::balanced_accuracy(matrix);
  value[matthews] = metrics::matthews_correlation(matrix);
  if (const auto agreement = metrics::cohen_kappa(matrix)) value[kappa] = agreement->kappa;
  const auto scores = metrics::class_scores(matrix);
  put(metrics::macro_average(scores), value.subspan(macro, 4));
  put(metrics::weighted_average(scores), value.subspan(weighted, 4));
  for (std::size_t c = 0; c < scores.size(); ++c)
    if (scores[c].support + scores[c].predicted > 0) value[class_f1 + c] = scores[c].f1;
}

/// Of each case: minus the logarithm of its truth's probability, and the squared distance from the truth.
std::pair<std::vector<double>, std::vector<double>> losses(const Context& context) {
  constexpr double tiny = std::numeric_limits<double>::epsilon();
  std::vector<double> log(context.cases), brier(context.cases);
  for (std::size_t i = 0; i < context.cases; ++i) {
    const auto row = std::span(context.predictions.probabilities).subspan(i * context.classes, context.classes);
    const auto truth = static_cast<std::size_t>(context.truth[i]);
    log[i] = -std::log(std::clamp(row[truth], tiny, 1 - tiny));
    for (std::size_t c = 0; c < context.classes; ++c) brier[i] += std::pow(row[c] - (c == truth ? 1 : 0), 2);
  }
  return {std::move(log), std::move(brier)};
}

/// Whether the class of each case is among its k most likely ones, as in metrics::top_k_accuracy.
std::vector<std::uint8_t> among_top(const Context& context, std::size_t k) {
  std::vector<std::uint8_t> hit;
  for (std::size_t i = 0; i < context.cases; ++i) {
    const auto row = std::span(context.predictions.probabilities).subspan(i * context.classes, context.classes);
    const auto truth = static_cast<std::size_t>(context.truth[i]);
    std::size_t ahead = 0;
    for (std::size_t c = 0; c < context.classes; ++c)
      if (row[c] > row[truth] || (row[c] == row[truth] && c < truth)) ++ahead;
    hit.push_back(ahead < k ? 1 : 0);
  }
  return hit;
}

std::string why_no_area(std::uint64_t positives, std::uint64_t total, const std::string& name) {
  if (positives == 0) return fmt::format("no picture is {}", name);
  if (positives == total) return fmt::format("every picture is {}", name);
  return {};
}

/// The score of ISIC 2024.
std::optional<double> partial_area(const metrics::RankedScores& ranked, Weights weight) {
  const auto curve = ranked.curve(weight);
  if (!curve) return std::nullopt;
  return metrics::partial_auc_above(*curve, 0.8);
}

/// One class against the rest while its intervals are drawn.
struct ClassPlan {
  std::vector<double> probability;
  std::vector<std::uint8_t> positive;
  Share precision, recall, specificity;
  std::size_t average_precision = 0;
};

}  // namespace

Fill plan_overall(const Context& context, Resampled& resampled) {
  const auto calls = std::make_shared<metrics::SortedCalls>(context.truth, context.called, context.classes);
  const std::size_t matrix_place = resampled.add(
      class_f1 + context.classes,
      [calls](Weights weight, std::span<std::optional<double>> value) { score_matrix(calls->matrix(weight), value); });
  auto [log, brier] = losses(context);
  const std::size_t log_place = resampled.add(mean_of(std::move(log)));
  const std::size_t brier_place = resampled.add(mean_of(std::move(brier)));
  const std::vector<std::uint8_t> all(context.cases, 1);
  const Share right = add_share(context, resampled, all, among_top(context, 1));
  const Share top_2 = add_share(context, resampled, all, among_top(context, 2));
  const Share top_3 = add_share(context, resampled, all, among_top(context, 3));

  return [=, &context](const Resampled& drawn, Evaluation& result) {
    const auto& probabilities = context.predictions.probabilities;
    result.confusion = calls->matrix();
    result.accuracy = estimate(context, drawn, right);
    result.balanced_accuracy = drawn.estimate(matrix_place + balanced_accuracy);
    result.kappa = drawn.estimate(matrix_place + kappa);
    result.matthews = drawn.estimate(matrix_place + matthews);
    result.macro = averages(drawn, matrix_place + macro);
    result.weighted = averages(drawn, matrix_place + weighted);
    if (context.classes > 2) result.top_2 = estimate(context, drawn, top_2);
    if (context.classes > 3) result.top_3 = estimate(context, drawn, top_3);
    result.log_loss_estimate = drawn.estimate(log_place);
    result.brier_estimate = drawn.estimate(brier_place);
    result.log_loss = metrics::log_loss(probabilities, context.truth, context.classes).value();
    result.brier_score = metrics::brier_score(probabilities, context.truth, context.classes).value();
    result.calibration_error =
        metrics::expected_calibration_error(probabilities, context.truth, context.classes).value();
    const auto scores = metrics::class_scores(result.confusion);
    for (std::size_t c = 0; c < context.classes; ++c) {
      ClassResult item;
      item.name = context.predictions.classes[c];
      item.scores = scores[c];
      item.f1 = drawn.estimate(matrix_place + class_f1 + c);
      if (scores[c].support > 0) result.present.push_back(item.name);
      result.classes.push_back(std::move(item));
    }
  };
}

Fill plan_classes(const Context& context, Resampled& resampled) {
  std::vector<ClassPlan> plans;
  auto ranked = std::make_shared<std::vector<metrics::RankedScores>>();
  for (std::size_t c = 0; c < context.classes; ++c) {
    const std::vector<std::uint8_t> called = metrics::is_class(context.called, static_cast<int>(c));
    ClassPlan plan;
    plan.probability = metrics::column(context.predictions.probabilities, context.classes, c);
    plan.positive = metrics::is_class(context.truth, static_cast<int>(c));
    plan.precision = add_share(context, resampled, called, plan.positive);
    plan.recall = add_share(context, resampled, plan.positive, called);
    plan.specificity = add_share(context, resampled, inverted(plan.positive), inverted(called));
    ranked->emplace_back(plan.probability, plan.positive);
    plans.push_back(std::move(plan));
  }
  // Areas, their mean, average precisions, their mean, partial areas.
  const std::size_t n = context.classes, mean_area = n, precisions = n + 1, mean_precision = 2 * n + 1;
  const std::size_t partial = mean_precision + 1, slots = partial + n;
  const std::size_t place = resampled.add(slots, [=](Weights weight, std::span<std::optional<double>> value) {
    for (std::size_t c = 0; c < n; ++c) {
      value[c] = (*ranked)[c].auc(weight);
      value[precisions + c] = (*ranked)[c].average_precision(weight);
      value[partial + c] = partial_area((*ranked)[c], weight);
    }
    value[mean_area] = metrics::mean_of_present(value.first(n));
    value[mean_precision] = metrics::mean_of_present(value.subspan(precisions, n));
  });
  return [=, &context](const Resampled& drawn, Evaluation& result) {
    result.macro_auc = drawn.estimate(place + mean_area);
    result.macro_average_precision = drawn.estimate(place + mean_precision);
    for (std::size_t c = 0; c < n; ++c) {
      const ClassPlan& plan = plans[c];
      ClassResult& item = result.classes[c];
      item.precision = estimate(context, drawn, plan.precision);
      item.recall = estimate(context, drawn, plan.recall);
      item.specificity = estimate(context, drawn, plan.specificity);
      item.auc = area(plan.probability, plan.positive, context.units.of, context.level);
      item.average_precision = drawn.estimate(place + precisions + c);
      item.no_auc = why_no_area(item.scores.support, context.cases, item.name);
      if (item.scores.support > 0)
        item.precision_recall = metrics::precision_recall_curve(plan.probability, plan.positive);
      if (!item.no_auc.empty()) continue;
      item.roc = metrics::roc_curve(plan.probability, plan.positive);
      item.partial_auc = drawn.estimate(place + partial + c);
    }
  };
}

Fill plan_malignancy(const Context& context, Resampled& resampled) {
  if (context.malignant.empty()) return [](const Resampled&, Evaluation&) {};
  const auto ranked = std::make_shared<metrics::RankedScores>(context.share, context.malignant);
  const std::size_t precision = resampled.add([ranked](Weights weight) { return ranked->average_precision(weight); });
  const std::size_t partial = resampled.add([ranked](Weights weight) { return partial_area(*ranked, weight); });
  return [=, &context](const Resampled& drawn, Evaluation& result) {
    const auto positives =
        static_cast<std::uint64_t>(std::count(context.malignant.begin(), context.malignant.end(), 1));
    Malignancy& malignancy = result.malignancy.emplace();
    malignancy.auc = area(context.share, context.malignant, context.units.of, context.level);
    malignancy.average_precision = drawn.estimate(precision);
    malignancy.no_auc = why_no_area(positives, context.cases, "malignant");
    if (positives > 0) malignancy.precision_recall = metrics::precision_recall_curve(context.share, context.malignant);
    if (!malignancy.no_auc.empty()) return;
    malignancy.roc = metrics::roc_curve(context.share, context.malignant);
    malignancy.partial_auc = drawn.estimate(partial);
    malignancy.at_95 = metrics::at_sensitivity(*malignancy.roc, 0.95);
  };
}

}  // namespace naevus::evaluate
