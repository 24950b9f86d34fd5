#include "words.hpp"

#include <fmt/format.h>

#include <cmath>

#include "naevus/base/progress.hpp"

namespace naevus::evaluate::words {
namespace {

constexpr const char* dash = "–";

}  // namespace

std::string number(double value, int decimals) {
  return fmt::format("{:.{}f}", value, decimals);
}

std::string number(const std::optional<double>& value) {
  return value ? number(*value) : dash;
}

std::string interval(const std::optional<metrics::Interval>& interval) {
  return interval ? fmt::format("[{:.3f}, {:.3f}]", interval->low, interval->high) : "";
}

std::string estimate(const Estimate& estimate) {
  if (!estimate.value) return dash;
  return words::estimate(*estimate.value, estimate.interval);
}

std::string estimate(double value, const std::optional<metrics::Interval>& interval) {
  return interval ? number(value) + " " + words::interval(interval) : number(value);
}

std::string counts(const Evaluation& evaluation) {
  const Predictions& predictions = evaluation.predictions;
  std::string text = grouped(predictions.cases.size()) + " pictures";
  if (predictions.part != "all") text += fmt::format(" of the part '{}'", predictions.part);
  if (!predictions.failures.empty())
    text += fmt::format(", {} could not be scored", grouped(predictions.failures.size()));
  return text;
}

std::string method(const Evaluation& evaluation) {
  return fmt::format("[low, high]: {:g} % intervals by {} bootstrap resamples of {} {} (seed {})",
                     100 * evaluation.bootstrap.level,
                     grouped(static_cast<std::uint64_t>(evaluation.bootstrap.resamples)), grouped(evaluation.units),
                     evaluation.resampled, evaluation.bootstrap.seed);
}

std::string present(const Evaluation& evaluation) {
  const std::size_t all = evaluation.classes.size(), some = evaluation.present.size();
  if (some == all) return fmt::format("balanced accuracy is the mean sensitivity of all {} classes", all);
  return fmt::format("balanced accuracy is the mean sensitivity of the {} present ({}) of {}",
                     some == 1 ? "one class" : fmt::format("{} classes", some), fmt::join(evaluation.present, ", "),
                     all);
}

std::vector<std::string> class_row(const ClassResult& result, bool with_intervals) {
  const metrics::ClassScores& scores = result.scores;
  const auto shown = [&](double value, bool exists, const std::optional<metrics::Interval>& interval) {
    if (!exists) return std::string(dash);
    return with_intervals ? estimate(value, interval) : number(value);
  };
  return {result.name,
          grouped(scores.support),
          shown(scores.precision, scores.predicted > 0, result.precision),
          shown(scores.recall, scores.support > 0, result.recall),
          shown(scores.specificity, result.specificity.has_value() || scores.specificity > 0, result.specificity),
          shown(scores.f1, scores.support + scores.predicted > 0, std::nullopt),
          with_intervals ? estimate(result.auc) : number(result.auc.value)};
}

std::vector<std::string> malignancy(const Evaluation& evaluation) {
  if (!evaluation.malignancy) return {};
  const Malignancy& result = *evaluation.malignancy;
  const std::string names = fmt::format("{}", fmt::join(evaluation.predictions.malignant, ", "));
  if (!result.auc.value) return {fmt::format("malignant ({}): no AUC, {}", names, result.no_auc)};
  std::vector<std::string> lines{fmt::format("malignant ({}) against the rest: AUC {}", names, estimate(result.auc))};
  if (result.at_threshold)
    lines.push_back(fmt::format("at the model's threshold {:.3f}: sensitivity {}, specificity {}",
                                result.at_threshold->threshold,
                                estimate(result.at_threshold->sensitivity, result.sensitivity),
                                estimate(result.at_threshold->specificity, result.specificity)));
  if (result.at_95)
    lines.push_back(fmt::format("at {:.1f} % sensitivity, {:.1f} % of the others are sent home",
                                100 * result.at_95->sensitivity, 100 * result.at_95->specificity));
  return lines;
}

std::string positive(const Evaluation& evaluation) {
  const ClassResult& yes = evaluation.classes[evaluation.positive->index];
  const ClassResult& no = evaluation.classes[1 - evaluation.positive->index];
  return fmt::format(
      "positive is '{}' ({}): sensitivity {}, specificity {}, positive predictive value {}, negative predictive value "
      "{}",
      yes.name, evaluation.positive->reason, class_row(yes, true)[3], class_row(yes, true)[4], class_row(yes, true)[2],
      class_row(no, true)[2]);
}

}  // namespace naevus::evaluate::words
