#include <cmath>
#include <nlohmann/json.hpp>

#include "naevus/evaluate/output.hpp"

namespace naevus::evaluate {
namespace {

using Json = nlohmann::ordered_json;

Json number(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json limits(const std::optional<metrics::Interval>& interval) {
  if (!interval) return nullptr;
  return {{"low", interval->low}, {"high", interval->high}};
}

Json estimate(const Estimate& estimate) {
  Json json{{"value", number(estimate.value)}, {"low", nullptr}, {"high", nullptr}};
  if (estimate.interval) json.update(limits(estimate.interval));
  return json;
}

Json curve(const std::optional<metrics::RocCurve>& roc) {
  if (!roc) return nullptr;
  Json threshold = Json::array();
  for (const double value : roc->threshold) threshold.push_back(std::isfinite(value) ? Json(value) : Json(nullptr));
  return {{"false_positive_rate", roc->false_positive_rate},
          {"true_positive_rate", roc->true_positive_rate},
          {"threshold", std::move(threshold)}};
}

Json point(const std::optional<metrics::OperatingPoint>& at) {
  if (!at) return nullptr;
  return {{"threshold", std::isfinite(at->threshold) ? Json(at->threshold) : Json(nullptr)},
          {"sensitivity", at->sensitivity},
          {"specificity", at->specificity}};
}

/// @param images  number of cases
Json class_json(const ClassResult& result, std::size_t images) {
  const metrics::ClassScores& scores = result.scores;
  Json json{{"precision", scores.precision},
            {"recall", scores.recall},
            {"sensitivity", scores.recall},
            {"specificity", scores.specificity},
            {"f1", scores.f1},
            {"auc", number(result.auc.value)},
            {"support", scores.support},
            {"predicted", scores.predicted}};
  if (!result.no_auc.empty()) json["auc_reason"] = result.no_auc;
  // Counted as 0, as in scikit-learn with zero_division=0.
  Json undefined = Json::array();
  if (scores.predicted == 0) undefined.push_back("precision");
  if (scores.support == 0) undefined.push_back("recall");
  if (scores.support == images) undefined.push_back("specificity");
  if (!undefined.empty()) json["zero_by_definition"] = std::move(undefined);
  json["intervals"] = {{"precision", limits(result.precision)},
                       {"recall", limits(result.recall)},
                       {"specificity", limits(result.specificity)},
                       {"auc", limits(result.auc.interval)}};
  return json;
}

Json averages(const metrics::Averages& mean) {
  return {{"precision", mean.precision}, {"recall", mean.recall}, {"specificity", mean.specificity}, {"f1", mean.f1}};
}

Json matrix(const Evaluation& evaluation) {
  Json counts = Json::array();
  const std::size_t n = evaluation.confusion.classes;
  for (std::size_t i = 0; i < n; ++i) {
    Json row = Json::array();
    for (std::size_t j = 0; j < n; ++j) row.push_back(evaluation.confusion.at(i, j));
    counts.push_back(std::move(row));
  }
  return {{"rows", "truth"},
          {"columns", "called"},
          {"classes", evaluation.predictions.classes},
          {"counts", std::move(counts)}};
}

Json malignancy(const Evaluation& evaluation) {
  const Malignancy& result = *evaluation.malignancy;
  Json json{{"classes", evaluation.predictions.malignant},
            {"auc", estimate(result.auc)},
            {"at_95_percent_sensitivity", point(result.at_95)},
            {"at_threshold", point(result.at_threshold)},
            {"roc", curve(result.roc)}};
  if (!result.no_auc.empty()) json["auc_reason"] = result.no_auc;
  if (result.at_threshold) {
    json["at_threshold"]["intervals"] = {{"sensitivity", limits(result.sensitivity)},
                                         {"specificity", limits(result.specificity)}};
  }
  return json;
}

/// The two-class scores, said of the positive class.
Json positive(const Evaluation& evaluation) {
  const ClassResult& yes = evaluation.classes[evaluation.positive->index];
  const ClassResult& no = evaluation.classes[1 - evaluation.positive->index];
  Json json{{"class", yes.name}, {"chosen", evaluation.positive->reason}};
  json.update(class_json(yes, evaluation.predictions.cases.size()));
  json["negative_predictive_value"] = no.scores.precision;
  json["true_positives"] = evaluation.confusion.at(evaluation.positive->index, evaluation.positive->index);
  json["false_positives"] = yes.scores.predicted - json["true_positives"].get<std::uint64_t>();
  json["false_negatives"] = yes.scores.support - json["true_positives"].get<std::uint64_t>();
  json["true_negatives"] = evaluation.confusion.at(1 - evaluation.positive->index, 1 - evaluation.positive->index);
  return json;
}

}  // namespace

std::string to_json(const Evaluation& evaluation) {
  const Predictions& predictions = evaluation.predictions;
  Json json{{"accuracy", estimate(evaluation.accuracy)},
            {"balanced_accuracy", estimate(evaluation.balanced_accuracy)},
            {"macro_auc", estimate(evaluation.macro_auc)}};
  if (!evaluation.macro_auc.value) json["macro_auc"]["reason"] = "no class has both its own pictures and others";
  json["balanced_accuracy"]["over"] = evaluation.present;
  json["source"] = predictions.source;
  json["manifest"] = predictions.manifest.empty() ? Json(nullptr) : Json(predictions.manifest);
  json["part"] = predictions.part;
  json["images"] = predictions.cases.size();
  json["failed"] = predictions.failures.size();
  json["interval"] = {{"level", evaluation.bootstrap.level},         {"method", "percentile bootstrap"},
                      {"resamples", evaluation.bootstrap.resamples}, {"seed", evaluation.bootstrap.seed},
                      {"resampled", evaluation.resampled},           {"units", evaluation.units}};
  json["classes"] = predictions.classes;
  for (const ClassResult& result : evaluation.classes)
    json["per_class"][result.name] = class_json(result, predictions.cases.size());
  json["averages"] = {{"macro", averages(evaluation.macro)}, {"weighted", averages(evaluation.weighted)}};
  json["confusion_matrix"] = matrix(evaluation);
  json["log_loss"] = evaluation.log_loss;
  json["brier_score"] = evaluation.brier_score;
  json["calibration_error"] = evaluation.calibration_error;
  json["malignant"] = evaluation.malignancy ? malignancy(evaluation) : Json(nullptr);
  if (evaluation.positive) json["positive"] = positive(evaluation);
  for (const ClassResult& result : evaluation.classes) json["roc"][result.name] = curve(result.roc);
  json["failures"] = Json::array();
  for (const Failure& failure : predictions.failures)
    json["failures"].push_back({{"image", failure.image}, {"reason", failure.reason}});
  json["warnings"] = predictions.warnings;
  // Names that are not UTF-8 must not lose the answer.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace naevus::evaluate
