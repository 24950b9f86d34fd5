#include "measured_by.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include "words.hpp"

namespace naevus::evaluate {
namespace {

using Names = std::pair<const char*, const char*>;  // of a figure, and for a reader

std::optional<MeasuredScore> score_of(const model::Evaluation& evaluation, const Names& names,
                                      const std::string& of_class = {}) {
  const auto found = std::ranges::find_if(evaluation.figures, [&](const model::EvaluatedFigure& figure) {
    return figure.name == names.first && figure.of_class == of_class;
  });
  if (found == evaluation.figures.end()) return std::nullopt;
  const model::EvaluatedFigure& figure = *found;
  MeasuredScore score{names.second, figure.value, ""};
  if (figure.low && figure.high) score.interval = words::interval(metrics::Interval{*figure.low, *figure.high});
  return score;
}

template <std::size_t N>
std::vector<MeasuredScore> scores_of(const model::Evaluation& evaluation, const std::array<Names, N>& all) {
  std::vector<MeasuredScore> scores;
  for (const Names& names : all)
    if (auto score = score_of(evaluation, names)) scores.push_back(std::move(*score));
  return scores;
}

}  // namespace

MeasuredScores measured_by(const model::Evaluation& evaluation, const std::vector<std::string>& classes) {
  MeasuredScores scores;
  scores.overall = scores_of(evaluation, std::array{Names{"balanced_accuracy", "balanced accuracy"},
                                                    Names{"macro_auc", "macro AUC"}, Names{"accuracy", "accuracy"},
                                                    Names{"expected_calibration_error", "expected calibration error"}});
  scores.malignant =
      scores_of(evaluation, std::array{Names{"malignant_auc", "AUC"},
                                       Names{"malignant_sensitivity", "sensitivity at the model's threshold"},
                                       Names{"malignant_specificity", "specificity at the model's threshold"}});
  for (std::size_t c = 0; c < classes.size(); ++c) {
    const auto& row = evaluation.confusion[c];
    scores.classes.push_back({.name = classes[c],
                              .images = std::accumulate(row.begin(), row.end(), std::uint64_t{0}),
                              .sensitivity = score_of(evaluation, {"sensitivity", "sensitivity"}, classes[c]),
                              .specificity = score_of(evaluation, {"specificity", "specificity"}, classes[c]),
                              .auc = score_of(evaluation, {"auc", "AUC"}, classes[c])});
  }
  return scores;
}

}  // namespace naevus::evaluate
