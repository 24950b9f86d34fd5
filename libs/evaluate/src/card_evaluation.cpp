#include "naevus/evaluate/card_evaluation.hpp"

#include <algorithm>

#include "words.hpp"

namespace naevus::evaluate {
namespace {

/// A score that does not exist for these pictures is left out.
void add(std::vector<model::EvaluatedFigure>& figures, const char* name, const Estimate& score, std::uint64_t cases,
         const std::string& of_class = {}) {
  if (!score.value) return;
  model::EvaluatedFigure figure{
      .name = name, .of_class = of_class, .value = *score.value, .low = {}, .high = {}, .cases = cases};
  if (score.interval) {
    figure.low = score.interval->low;
    figure.high = score.interval->high;
  }
  figures.push_back(std::move(figure));
}

std::vector<model::EvaluatedFigure> figures_of(const Evaluation& evaluation) {
  const std::uint64_t cases = evaluation.predictions.cases.size();
  const auto& malignant_classes = evaluation.predictions.malignant;
  std::vector<model::EvaluatedFigure> figures;
  add(figures, "balanced_accuracy", evaluation.balanced_accuracy, cases);
  add(figures, "macro_auc", evaluation.macro_auc, cases);
  add(figures, "accuracy", evaluation.accuracy, cases);
  add(figures, "expected_calibration_error", evaluation.reliability.equal_width.error, cases);
  std::uint64_t malignant = 0;
  for (const ClassResult& item : evaluation.classes)
    if (std::ranges::find(malignant_classes, item.name) != malignant_classes.end()) malignant += item.scores.support;
  if (const auto& malignancy = evaluation.malignancy) {
    add(figures, "malignant_auc", malignancy->auc, cases);
    add(figures, "malignant_sensitivity", malignancy->sensitivity, malignant);
    add(figures, "malignant_specificity", malignancy->specificity, cases - malignant);
  }
  for (const ClassResult& item : evaluation.classes) {
    add(figures, "sensitivity", item.recall, item.scores.support, item.name);
    add(figures, "specificity", item.specificity, cases - item.scores.support, item.name);
    add(figures, "auc", item.auc, cases, item.name);
  }
  return figures;
}

std::vector<model::EvaluatedBin> bins_of(const std::vector<metrics::ReliabilityBin>& bins) {
  std::vector<model::EvaluatedBin> dots;
  for (const metrics::ReliabilityBin& bin : bins)
    if (const auto interval = metrics::right_interval(bin))
      dots.push_back({bin.confidence, bin.right, interval->low, interval->high, bin.count});
  return dots;
}

std::vector<std::vector<std::uint64_t>> rows_of(const metrics::ConfusionMatrix& matrix) {
  std::vector<std::vector<std::uint64_t>> rows(matrix.classes);
  for (std::size_t truth = 0; truth < matrix.classes; ++truth)
    for (std::size_t called = 0; called < matrix.classes; ++called) rows[truth].push_back(matrix.at(truth, called));
  return rows;
}

}  // namespace

void set_evaluation(const Evaluation& evaluation, model::Card& card) {
  const Predictions& predictions = evaluation.predictions;
  model::Evaluation written{.of = words::pictures_with_hash(predictions),
                            .cases = predictions.cases.size(),
                            .failed = predictions.failures.size(),
                            .intervals = words::intervals(evaluation) + "; dots of the reliability diagrams by Wilson",
                            .checks = {},
                            .warnings = predictions.warnings,
                            .figures = figures_of(evaluation),
                            .reliability = bins_of(evaluation.reliability.equal_width.bins),
                            .malignant_reliability = bins_of(evaluation.reliability.malignant_bins),
                            .confusion = rows_of(evaluation.confusion)};
  for (const Check& check : predictions.checks)
    written.checks.push_back({check.id, to_string(check.verdict), check.text});
  card.evaluation = std::move(written);
}

}  // namespace naevus::evaluate
