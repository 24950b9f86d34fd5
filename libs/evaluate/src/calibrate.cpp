#include "naevus/evaluate/calibrate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "compare_calibration.hpp"
#include "naevus/base/error.hpp"
#include "naevus/evaluate/decisions.hpp"
#include "naevus/metrics/calibration.hpp"
#include "naevus/metrics/conformal.hpp"
#include "naevus/metrics/decision.hpp"
#include "naevus/metrics/vector_scaling.hpp"
#include "words.hpp"

namespace naevus::evaluate {
namespace {

void check_options(const CalibrateOptions& options) {
  const auto require = [](bool sound, const char* flag, const char* range) {
    if (!sound) throw UsageError("is out of range", flag, range);
  };
  constexpr std::array methods{"temperature", "vector"};
  require(std::find(methods.begin(), methods.end(), options.method) != methods.end(), "--method",
          "choose temperature or vector");
  constexpr std::array rules{"youden", "sensitivity", "specificity", "cost", "net_benefit"};
  require(std::find(rules.begin(), rules.end(), options.threshold) != rules.end(), "--threshold",
          "choose youden, sensitivity, specificity, cost or net_benefit");
  require(options.sensitivity > 0 && options.sensitivity <= 1, "--sensitivity", "write a share above 0, at most 1");
  require(options.specificity > 0 && options.specificity <= 1, "--specificity", "write a share above 0, at most 1");
  require(!options.cost || (std::isfinite(*options.cost) && *options.cost > 0), "--cost",
          "write how many false alarms a missed malignancy costs: 10");
  require(!options.act_from || (*options.act_from > 0 && *options.act_from < 1), "--act-from",
          "write a probability between 0 and 1: 0.1");
  require(options.coverage > 0 && options.coverage < 1, "--coverage", "write a share between 0 and 1: 0.9");
  require(options.threshold != "cost" || options.cost, "--threshold", "say the cost too: --cost 10");
  require(options.threshold != "net_benefit" || options.act_from, "--threshold",
          "say from which probability you would act too: --act-from 0.1");
}

Fit fit_of(const std::vector<double>& probabilities, const std::vector<int>& truth, std::size_t classes) {
  return {metrics::log_loss(probabilities, truth, classes).value(),
          metrics::expected_calibration_error(probabilities, truth, classes).value(),
          metrics::brier_score(probabilities, truth, classes).value()};
}

model::DecisionPoint named(const std::string& rule, double aim, const metrics::OperatingPoint& point) {
  model::DecisionPoint named{
      .rule = rule, .aim = aim, .threshold = {}, .sensitivity = point.sensitivity, .specificity = point.specificity};
  if (std::isfinite(point.threshold)) named.threshold = std::clamp(point.threshold, 0.0, 1.0);
  return named;
}

std::vector<model::DecisionPoint> points_of(const std::vector<double>& share, const std::vector<std::uint8_t>& ill,
                                            const CalibrateOptions& options) {
  const auto malignant = static_cast<std::size_t>(std::count(ill.begin(), ill.end(), 1));
  if (malignant == 0 || malignant == ill.size()) return {};
  const metrics::RocCurve curve = metrics::roc_curve(share, ill);
  std::vector<model::DecisionPoint> points{
      named("youden", 0, metrics::youden_point(curve)),
      named("sensitivity", options.sensitivity, metrics::at_sensitivity(curve, options.sensitivity)),
      named("specificity", options.specificity, metrics::at_specificity(curve, options.specificity))};
  const auto cheapest = [&](double miss) {
    return metrics::lowest_cost_point(share, ill, {.miss = miss, .alarm = 1, .prevalence = {}});
  };
  if (options.cost) points.push_back(named("cost", *options.cost, cheapest(*options.cost)));
  if (options.act_from)
    points.push_back(named("net_benefit", *options.act_from, cheapest((1 - *options.act_from) / *options.act_from)));
  return points;
}

model::PredictionSets sets_of(const std::vector<double>& probabilities, const std::vector<int>& truth,
                              std::size_t classes, const CalibrateOptions& options) {
  const auto limits = metrics::fit_conformal(
      probabilities, truth, classes,
      {.alpha = 1 - options.coverage, .score = metrics::SetScore::least_ambiguous, .by_class = options.by_class});
  return {
      .coverage = options.coverage, .score = "least_ambiguous", .by_class = options.by_class, .limit = limits.limit};
}

}  // namespace

Calibration calibrate(const Predictions& predictions, const CalibrateOptions& options) {
  check_options(options);
  if (predictions.logits.empty()) throw InputError("there are no logits to calibrate", predictions.source);
  const std::size_t classes = predictions.classes.size();
  const std::vector<int> truth = predictions.truth();
  Calibration result;
  result.method = options.method;
  std::vector<double> probabilities;
  if (options.method == "vector") {
    const auto scaling = metrics::fit_vector_scaling(predictions.logits, truth, classes);
    probabilities = metrics::softmax(metrics::scaled(predictions.logits, scaling), classes);
    result.vector_scaling = {scaling.weight, scaling.bias};
  } else {
    result.temperature = metrics::fit_temperature(predictions.logits, truth, classes);
    probabilities = metrics::softmax(predictions.logits, classes, result.temperature);
  }
  result.before = fit_of(predictions.probabilities, truth, classes);
  result.after = fit_of(probabilities, truth, classes);
  result.compared = compare_calibration(predictions, options.seed);
  const std::vector<int> malignant = predictions.malignant_indices();
  if (!malignant.empty()) {
    std::vector<std::uint8_t> ill;
    for (const int index : truth)
      ill.push_back(std::find(malignant.begin(), malignant.end(), index) != malignant.end() ? 1 : 0);
    result.points = points_of(metrics::summed_probability(probabilities, classes, malignant), ill, options);
    for (const model::DecisionPoint& point : result.points)
      if (point.rule == options.threshold) result.malignant = point;
  }
  result.sets = sets_of(probabilities, truth, classes, options);
  return result;
}

void apply(const Calibration& calibration, const Predictions& predictions, model::Card& card) {
  card.temperature = calibration.temperature;
  card.vector_scaling = calibration.vector_scaling;
  card.decision_points = calibration.points;
  card.prediction_sets = calibration.sets;
  card.calibrated_on = words::pictures_with_hash(predictions);
  // Thresholds and scores belong to the calibration that they were found with: the old ones go.
  card.evaluation.reset();
  card.malignant_threshold.reset();
  card.malignant_threshold_rule.clear();
  if (!calibration.malignant) return;
  const model::DecisionPoint& point = *calibration.malignant;
  card.malignant_threshold = point.threshold;
  card.malignant_threshold_rule = fmt::format("{} on the calibration pictures: sensitivity {:.3f}, specificity {:.3f}",
                                              rule_name(point.rule, point.aim), point.sensitivity, point.specificity);
}

std::optional<CalibrateOptions> calibrated_as(const model::Card& card) {
  if (card.decision_points.empty() && !card.prediction_sets) return std::nullopt;
  CalibrateOptions options{.method = card.vector_scaling ? "vector" : "temperature"};
  for (const model::DecisionPoint& point : card.decision_points) {
    if (point.threshold == card.malignant_threshold) options.threshold = point.rule;
    if (point.rule == "sensitivity") options.sensitivity = point.aim;
    if (point.rule == "specificity") options.specificity = point.aim;
    if (point.rule == "cost") options.cost = point.aim;
    if (point.rule == "net_benefit") options.act_from = point.aim;
  }
  if (card.prediction_sets) {
    options.coverage = card.prediction_sets->coverage;
    options.by_class = card.prediction_sets->by_class;
  }
  return options;
}

}  // namespace naevus::evaluate
