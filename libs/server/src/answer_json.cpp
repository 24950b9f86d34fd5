#include "answer_json.hpp"

#include <array>

#include "naevus/drift/drift.hpp"
#include "naevus/image/quality_words.hpp"
#include "naevus/metrics/conformal.hpp"

namespace naevus::server {
namespace {

std::vector<std::string> set_of(const model::PredictionSets& sets, const std::vector<std::string>& names,
                                const std::vector<double>& probabilities) {
  metrics::ConformalLimits limits{.limit = sets.limit};
  if (sets.score == "adaptive") limits.score = metrics::SetScore::adaptive;
  const auto within = metrics::prediction_sets(probabilities, limits);
  std::vector<std::string> classes;
  for (std::size_t i = 0; i < within.size(); ++i)
    if (within[i] != 0) classes.push_back(names[i]);
  return classes;
}

const char* decision_words(const std::string& decision) {
  if (decision == "above_threshold")
    return "the malignant classes' share is above the model's threshold: have it looked at";
  if (decision == "below_threshold")
    return "the malignant classes' share is below the model's threshold; that rules nothing out";
  if (decision == "refused")
    return "the picture is unlike those that the model learned from: do not rely on this answer";
  return "the model has no threshold";
}

}  // namespace

store::Prediction prediction_of(const Seen& seen) {
  const model::Card& card = seen.model->card();
  store::Prediction result;
  constexpr std::array formats{"jpeg", "png", "webp", "tiff", "bmp", "dicom"};
  result.picture_format = formats.at(static_cast<std::size_t>(seen.format));
  result.model = seen.model->entry.name;
  result.model_version = seen.model->entry.version;
  result.classes = card.classes;
  result.probabilities.assign(seen.answer.probabilities.begin(), seen.answer.probabilities.end());
  result.logits.assign(seen.answer.logits.begin(), seen.answer.logits.end());
  result.ood_score = static_cast<double>(seen.answer.ood_score);
  if (!card.malignant.empty()) result.malignant_score = seen.answer.malignant;
  result.decision = "none";
  if (card.ood_limit && *result.ood_score > *card.ood_limit)
    result.decision = "refused";
  else if (result.malignant_score && card.malignant_threshold)
    result.decision = *result.malignant_score >= *card.malignant_threshold ? "above_threshold" : "below_threshold";
  if (card.prediction_sets) result.prediction_set = set_of(*card.prediction_sets, card.classes, result.probabilities);
  if (seen.quality) {
    result.measures = drift::measures_of(*seen.quality);
    for (const auto& finding : image::quality_findings(*seen.quality)) result.quality.emplace_back(finding.code);
  }
  return result;
}

nlohmann::ordered_json json_of(const store::Prediction& prediction, const model::Card* card) {
  using Json = nlohmann::ordered_json;
  Json result;
  if (!prediction.id.empty()) {
    result["id"] = prediction.id;
    result["created_at"] = store::as_text(prediction.created_at);
  }
  result["model"] = {{"name", prediction.model}, {"version", prediction.model_version}};
  result["predicted"] = prediction.predicted_class();
  Json& probabilities = result["probabilities"] = Json::object();
  for (std::size_t i = 0; i < prediction.classes.size(); ++i)
    probabilities[prediction.classes[i]] = prediction.probabilities[i];
  if (prediction.malignant_score) {
    result["malignant"] = {{"score", *prediction.malignant_score}};
    if (card != nullptr && card->malignant_threshold) result["malignant"]["threshold"] = *card->malignant_threshold;
  }
  result["decision"] = {{"code", prediction.decision}, {"words", decision_words(prediction.decision)}};
  if (!prediction.prediction_set.empty() || (card != nullptr && card->prediction_sets)) {
    result["prediction_set"] = {{"classes", prediction.prediction_set}};
    if (card != nullptr && card->prediction_sets)
      result["prediction_set"]["coverage"] = card->prediction_sets->coverage;
  }
  if (prediction.ood_score) {
    result["out_of_distribution"] = {{"score", *prediction.ood_score},
                                     {"unlike_training", prediction.decision == "refused"}};
    if (card != nullptr && card->ood_limit) result["out_of_distribution"]["limit"] = *card->ood_limit;
  }
  Json findings = Json::array();
  for (const std::string& code : prediction.quality)
    findings.push_back({{"code", code}, {"words", image::quality_words(code)}});
  result["quality"] = {{"good", prediction.quality.empty()}, {"findings", std::move(findings)}};
  Json patient = Json::object();
  if (prediction.age) patient["age"] = *prediction.age;
  if (!prediction.sex.empty()) patient["sex"] = prediction.sex;
  if (!prediction.site.empty()) patient["site"] = prediction.site;
  if (!prediction.patient_key.empty()) patient["patient_key"] = prediction.patient_key;
  if (!prediction.lesion.empty()) patient["lesion"] = prediction.lesion;
  if (!patient.empty()) result["patient"] = std::move(patient);
  result["picture_format"] = prediction.picture_format;
  result["notice"] = "not a diagnosis";
  return result;
}

}  // namespace naevus::server
