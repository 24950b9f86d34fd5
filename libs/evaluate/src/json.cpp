#include <nlohmann/json.hpp>

#include "json_parts.hpp"
#include "naevus/evaluate/output.hpp"

namespace naevus::evaluate {
namespace {

using json::Json;

/// @param images  number of cases
Json class_json(const ClassResult& result, std::size_t images) {
  const metrics::ClassScores& scores = result.scores;
  Json json{{"precision", scores.precision},
            {"recall", scores.recall},
            {"sensitivity", scores.recall},
            {"specificity", scores.specificity},
            {"f1", scores.f1},
            {"auc", json::number(result.auc.value)},
            {"support", scores.support},
            {"predicted", scores.predicted}};
  if (!result.no_auc.empty()) json["auc_reason"] = result.no_auc;
  // Counted as 0, as in scikit-learn with zero_division=0.
  Json undefined = Json::array();
  if (scores.predicted == 0) undefined.push_back("precision");
  if (scores.support == 0) undefined.push_back("recall");
  if (scores.support == images) undefined.push_back("specificity");
  if (!undefined.empty()) json["zero_by_definition"] = std::move(undefined);
  json["average_precision"] = json::number(result.average_precision.value);
  json["partial_auc_above_80"] = json::number(result.partial_auc.value);
  const std::pair<const char*, const Estimate*> all[] = {{"precision", &result.precision},
                                                         {"recall", &result.recall},
                                                         {"specificity", &result.specificity},
                                                         {"f1", &result.f1},
                                                         {"auc", &result.auc},
                                                         {"average_precision", &result.average_precision},
                                                         {"partial_auc_above_80", &result.partial_auc}};
  for (const auto& [name, estimate] : all) {
    json["intervals"][name] = json::limits(estimate->interval);
    json["methods"][name] = to_string(estimate->method);
  }
  return json;
}

Json averages(const AverageScores& mean) {
  const std::pair<const char*, const Estimate*> all[] = {
      {"precision", &mean.precision}, {"recall", &mean.recall}, {"specificity", &mean.specificity}, {"f1", &mean.f1}};
  Json json;
  for (const auto& [name, estimate] : all) {
    json[name] = json::number(estimate->value);
    json["intervals"][name] = json::limits(estimate->interval);
  }
  return json;
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
            {"auc", json::estimate(result.auc)},
            {"average_precision", json::estimate(result.average_precision)},
            {"partial_auc_above_80", json::estimate(result.partial_auc)},
            {"at_95_percent_sensitivity", json::point(result.at_95)},
            {"at_threshold", json::point(result.at_threshold)},
            {"roc", json::curve(result.roc)},
            {"precision_recall", json::curve(result.precision_recall)}};
  if (!result.no_auc.empty()) json["auc_reason"] = result.no_auc;
  if (result.at_threshold) {
    json["at_threshold"]["intervals"] = {{"sensitivity", json::limits(result.sensitivity.interval)},
                                         {"specificity", json::limits(result.specificity.interval)}};
    json["at_threshold"]["method"] = to_string(result.sensitivity.method);
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

/// The official table of the ISIC 2018 and 2019 challenges.
Json isic(const Evaluation& evaluation) {
  const auto row = [](const IsicRow& scores) {
    return Json{{"accuracy", json::estimate(scores.accuracy)},
                {"sensitivity", json::estimate(scores.sensitivity)},
                {"specificity", json::estimate(scores.specificity)},
                {"dice", json::estimate(scores.dice)},
                {"ppv", json::estimate(scores.ppv)},
                {"npv", json::estimate(scores.npv)},
                {"auc", json::estimate(scores.auc)},
                {"auc_above_80", json::estimate(scores.auc_above_80)},
                {"average_precision", json::estimate(scores.average_precision)}};
  };
  Json json{{"balanced_accuracy", json::estimate(evaluation.isic.balanced_accuracy)},
            {"mean", row(evaluation.isic.mean)}};
  for (std::size_t c = 0; c < evaluation.isic.classes.size(); ++c)
    json["per_class"][evaluation.predictions.classes[c]] = row(evaluation.isic.classes[c]);
  return json;
}

Json head(const Evaluation& evaluation) {
  const Predictions& predictions = evaluation.predictions;
  Json json{{"accuracy", json::estimate(evaluation.accuracy)},
            {"balanced_accuracy", json::estimate(evaluation.balanced_accuracy)},
            {"macro_auc", json::estimate(evaluation.macro_auc)}};
  if (!evaluation.macro_auc.value) json["macro_auc"]["reason"] = "no class has both its own pictures and others";
  json["balanced_accuracy"]["over"] = evaluation.present;
  json["checks"] = json::checks(predictions.checks);
  json["source"] = predictions.source;
  json["manifest"] = predictions.manifest.empty() ? Json(nullptr) : Json(predictions.manifest);
  json["part"] = predictions.part;
  json["images"] = predictions.cases.size();
  json["failed"] = predictions.failures.size();
  json["interval"] = {{"level", evaluation.bootstrap.level},         {"method", "percentile bootstrap"},
                      {"resamples", evaluation.bootstrap.resamples}, {"seed", evaluation.bootstrap.seed},
                      {"resampled", evaluation.resampled},           {"units", evaluation.units}};
  json["too_few_cases"] = evaluation.small;
  return json;
}

/// Scores of the whole, beside the three that open the file.
void add_overall(Json& json, const Evaluation& evaluation) {
  const std::pair<const char*, const Estimate*> all[] = {
      {"cohen_kappa", &evaluation.kappa},    {"matthews_correlation", &evaluation.matthews},
      {"macro_f1", &evaluation.macro.f1},    {"macro_average_precision", &evaluation.macro_average_precision},
      {"top_2_accuracy", &evaluation.top_2}, {"top_3_accuracy", &evaluation.top_3}};
  for (const auto& [name, estimate] : all) json[name] = json::estimate(*estimate);
  json["log_loss"] = evaluation.log_loss;
  json["brier_score"] = evaluation.brier_score;
  json["calibration_error"] = evaluation.calibration_error;
  json["intervals"] = {{"log_loss", json::estimate(evaluation.log_loss_estimate)},
                       {"brier_score", json::estimate(evaluation.brier_estimate)},
                       {"calibration_error", json::estimate(evaluation.reliability.equal_width.error)}};
}

}  // namespace

std::string to_json(const Evaluation& evaluation) {
  const Predictions& predictions = evaluation.predictions;
  Json json = head(evaluation);
  json["classes"] = predictions.classes;
  for (const ClassResult& result : evaluation.classes)
    json["per_class"][result.name] = class_json(result, predictions.cases.size());
  json["averages"] = {{"macro", averages(evaluation.macro)}, {"weighted", averages(evaluation.weighted)}};
  json["confusion_matrix"] = matrix(evaluation);
  add_overall(json, evaluation);
  json["isic"] = isic(evaluation);
  if (const auto ranked = challenge_score(evaluation)) {
    json["challenge"] = json::estimate(ranked->score);
    json["challenge"].update({{"name", predictions.challenge}, {"score", ranked->name}});
  }
  json["malignant"] = evaluation.malignancy ? malignancy(evaluation) : Json(nullptr);
  if (evaluation.positive) json["positive"] = positive(evaluation);
  json["decisions"] = evaluation.decisions ? json::decisions(*evaluation.decisions) : Json(nullptr);
  json["reliability"] = json::reliability(evaluation);
  json["prediction_sets"] = evaluation.sets ? json::sets(evaluation) : Json(nullptr);
  json["refusal"] = json::refusal(evaluation.refusal);
  json["subgroups"] = json::subgroups(evaluation.subgroups);
  for (const ClassResult& result : evaluation.classes) json["roc"][result.name] = json::curve(result.roc);
  for (const ClassResult& result : evaluation.classes)
    json["precision_recall"][result.name] = json::curve(result.precision_recall);
  json["failures"] = Json::array();
  for (const Failure& failure : predictions.failures)
    json["failures"].push_back({{"image", failure.image}, {"reason", failure.reason}, {"where", failure.where}});
  json["warnings"] = predictions.warnings;
  // Names that are not UTF-8 must not lose the answer.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace naevus::evaluate
