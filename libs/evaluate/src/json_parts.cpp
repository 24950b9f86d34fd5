#include "json_parts.hpp"

#include <cmath>

namespace naevus::evaluate::json {
namespace {

Json thresholds(const std::vector<double>& values) {
  Json list = Json::array();
  for (const double value : values) list.push_back(std::isfinite(value) ? Json(value) : Json(nullptr));
  return list;
}

Json bins(const std::vector<metrics::ReliabilityBin>& all) {
  Json list = Json::array();
  for (const metrics::ReliabilityBin& bin : all)
    list.push_back({{"low", bin.low},
                    {"high", bin.high},
                    {"count", bin.count},
                    {"confidence", bin.confidence},
                    {"right", bin.right}});
  return list;
}

Json binned(const BinnedReliability& result, const std::vector<std::string>& classes) {
  Json json{{"calibration_error", estimate(result.error)},
            {"classwise_calibration_error", estimate(result.classwise)},
            {"perfectly_calibrated",
             {{"expected", result.perfect.expected},
              {"limit_95", result.perfect.limit},
              {"p_value", result.perfect.p_value}}},
            {"bins", bins(result.bins)}};
  for (std::size_t c = 0; c < classes.size(); ++c)
    json["class_calibration_error"][classes[c]] = estimate(result.class_error[c]);
  return json;
}

Json slope(const std::optional<metrics::CalibrationSlope>& fit, Method method) {
  if (!fit) return nullptr;
  return {{"slope", estimate({fit->slope, fit->slope_interval, method})},
          {"intercept", estimate({fit->intercept, fit->intercept_interval, method})},
          {"in_the_large", estimate({fit->in_the_large, fit->in_the_large_interval, method})}};
}

Json decision(const Decision& at) {
  return {{"rule", at.rule},
          {"aim", at.aim},
          {"fitted_on", at.fitted_here ? "these pictures" : "calibration pictures"},
          {"threshold", number(at.threshold)},
          {"expected_sensitivity", number(at.expected_sensitivity)},
          {"expected_specificity", number(at.expected_specificity)},
          {"true_positives", at.true_positives},
          {"false_positives", at.false_positives},
          {"false_negatives", at.false_negatives},
          {"true_negatives", at.true_negatives},
          {"sensitivity", estimate(at.sensitivity)},
          {"specificity", estimate(at.specificity)},
          {"positive_predictive_value", estimate(at.positive_predictive_value)},
          {"negative_predictive_value", estimate(at.negative_predictive_value)},
          {"sent_home", estimate(at.sent_home)}};
}

Json estimates(const std::vector<Estimate>& all) {
  Json list = Json::array();
  for (const Estimate& item : all) list.push_back(estimate(item));
  return list;
}

Json group_json(const Group& group) {
  Json json{
      {"name", group.name}, {"images", group.pictures}, {"malignant", group.malignant}, {"classes", group.classes}};
  for (std::size_t s = 0; s < group_scores; ++s)
    json[std::string(to_string(static_cast<GroupScore>(s)))] = estimate(group.score[s]);
  return json;
}

}  // namespace

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
  json["method"] = to_string(estimate.method);
  return json;
}

Json curve(const std::optional<metrics::RocCurve>& roc) {
  if (!roc) return nullptr;
  return {{"false_positive_rate", roc->false_positive_rate},
          {"true_positive_rate", roc->true_positive_rate},
          {"threshold", thresholds(roc->threshold)}};
}

Json curve(const std::optional<metrics::PrecisionRecallCurve>& curve) {
  if (!curve) return nullptr;
  return {{"recall", curve->recall}, {"precision", curve->precision}, {"threshold", thresholds(curve->threshold)}};
}

Json point(const std::optional<metrics::OperatingPoint>& at) {
  if (!at) return nullptr;
  return {{"threshold", std::isfinite(at->threshold) ? Json(at->threshold) : Json(nullptr)},
          {"sensitivity", at->sensitivity},
          {"specificity", at->specificity}};
}

Json checks(const std::vector<Check>& checks) {
  Json list = Json::array();
  for (const Check& check : checks)
    list.push_back({{"check", check.id},
                    {"verdict", to_string(check.verdict)},
                    {"text", check.text},
                    {"count", check.count},
                    {"examples", check.examples}});
  return list;
}

Json decisions(const Decisions& decisions) {
  Json json{{"thresholds", Json::array()}, {"triage", Json::array()}};
  for (const Decision& at : decisions.at) json["thresholds"].push_back(decision(at));
  for (const Decision& at : decisions.triage) json["triage"].push_back(decision(at));
  json["decision_curve"] = {{"prevalence", decisions.curve.prevalence},
                            {"threshold", decisions.curve.threshold},
                            {"net_benefit", estimates(decisions.net_benefit)},
                            {"treat_all", decisions.curve.treat_all}};
  return json;
}

Json reliability(const Evaluation& evaluation) {
  const Reliability& result = evaluation.reliability;
  const auto& classes = evaluation.predictions.classes;
  return {{"equal_width", binned(result.equal_width, classes)},
          {"equal_mass", binned(result.equal_mass, classes)},
          {"brier",
           {{"score", estimate(result.brier.score)},
            {"reliability", estimate(result.brier.reliability)},
            {"resolution", estimate(result.brier.resolution)},
            {"uncertainty", estimate(result.brier.uncertainty)},
            {"within", estimate(result.brier.within)}}},
          {"most_likely_class", slope(result.top_slope, result.slope_method)},
          {"malignant", slope(result.malignant_slope, result.slope_method)},
          {"malignant_bins", bins(result.malignant_bins)}};
}

Json sets(const Evaluation& evaluation) {
  const SetCoverage& found = *evaluation.sets;
  Json json{{"promised", found.promised},           {"by_class", found.by_class},
            {"coverage", estimate(found.coverage)}, {"mean_size", estimate(found.mean_size)},
            {"single", estimate(found.single)},     {"empty", estimate(found.empty)}};
  for (std::size_t c = 0; c < found.class_coverage.size(); ++c)
    json["class_coverage"][evaluation.predictions.classes[c]] = estimate(found.class_coverage[c]);
  return json;
}

Json refusal(const Refusal& refusal) {
  Json json{{"answering", Json::array()}, {"limit", nullptr}};
  for (const Answering& answering : refusal.answering) {
    Json accuracy = Json::array();
    for (std::size_t i = 0; i < answering.coverage.size(); ++i) {
      accuracy.push_back(estimate(answering.accuracy[i]));
      accuracy.back()["coverage"] = answering.coverage[i];
    }
    json["answering"].push_back({{"by", answering.by},
                                 {"area_under_risk_coverage", estimate(answering.area)},
                                 {"excess_area", answering.curve.excess_area},
                                 {"accuracy_at", std::move(accuracy)},
                                 {"coverage", answering.curve.coverage},
                                 {"risk", answering.curve.risk}});
  }
  if (refusal.limit)
    json["limit"] = {{"ood_limit", refusal.limit->limit},
                     {"refused", estimate(refusal.limit->refused)},
                     {"accuracy_answered", estimate(refusal.limit->accuracy_answered)},
                     {"accuracy_refused", estimate(refusal.limit->accuracy_refused)}};
  return json;
}

Json subgroups(const std::vector<Subgroups>& all) {
  Json list = Json::array();
  for (const Subgroups& subgroups : all) {
    Json json{{"by", subgroups.by},
              {"note", subgroups.note},
              {"unknown", subgroups.unknown},
              {"groups", Json::array()},
              {"largest_gaps", Json::array()}};
    for (const Group& group : subgroups.groups) json["groups"].push_back(group_json(group));
    for (const Gap& gap : subgroups.gaps)
      json["largest_gaps"].push_back({{"score", to_string(gap.score)},
                                      {"best", subgroups.groups[gap.best].name},
                                      {"worst", subgroups.groups[gap.worst].name},
                                      {"difference", estimate(gap.difference)}});
    list.push_back(std::move(json));
  }
  return list;
}

}  // namespace naevus::evaluate::json
