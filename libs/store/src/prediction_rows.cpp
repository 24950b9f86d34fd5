#include "prediction_rows.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace naevus::store {
namespace {

using nlohmann::json;

template <typename Value>
std::vector<Value> list(const soci::row& row, const char* column) {
  return json::parse(row.get<std::string>(column)).get<std::vector<Value>>();
}

template <typename Value>
std::string text(const std::vector<Value>& list) {
  return json(list).dump();
}

template <typename Value>
std::optional<Value> optional(const soci::row& row, const char* column) {
  if (row.get_indicator(column) == soci::i_null) return std::nullopt;
  return row.get<Value>(column);
}

soci::indicator there(bool value) {
  return value ? soci::i_ok : soci::i_null;
}

}  // namespace

std::map<std::string, double> measures_of(const std::string& text) {
  if (text.empty()) return {};
  return json::parse(text).get<std::map<std::string, double>>();
}

const std::string& prediction_columns() {
  static const std::string columns =
      "p.seq, p.id, p.created_at, p.actor, p.picture, p.picture_format, p.model, p.model_version, p.classes,"
      " p.probabilities, p.logits, p.malignant_score, p.decision, p.prediction_set, p.ood_score, p.quality,"
      " p.measures, p.age,"
      " p.sex, p.site, p.patient_key, p.idempotency_key, p.source,"
      " COALESCE((SELECT f.lesion FROM lesion_predictions f WHERE f.prediction = p.id), '') AS lesion";
  return columns;
}

Prediction prediction_of(const soci::row& row) {
  Prediction prediction;
  prediction.id = row.get<std::string>("id");
  prediction.created_at = time_of(row.get<long long>("created_at"));
  prediction.actor = row.get<std::string>("actor");
  prediction.picture = row.get<std::string>("picture");
  prediction.picture_format = row.get<std::string>("picture_format");
  prediction.model = row.get<std::string>("model");
  prediction.model_version = row.get<std::string>("model_version");
  prediction.classes = list<std::string>(row, "classes");
  prediction.probabilities = list<double>(row, "probabilities");
  prediction.logits = list<double>(row, "logits");
  prediction.malignant_score = optional<double>(row, "malignant_score");
  prediction.decision = row.get<std::string>("decision");
  prediction.prediction_set = list<std::string>(row, "prediction_set");
  prediction.ood_score = optional<double>(row, "ood_score");
  prediction.quality = list<std::string>(row, "quality");
  prediction.measures = measures_of(optional<std::string>(row, "measures").value_or(""));
  if (const auto age = optional<long long>(row, "age")) prediction.age = static_cast<int>(*age);
  prediction.sex = row.get<std::string>("sex");
  prediction.site = row.get<std::string>("site");
  prediction.patient_key = row.get<std::string>("patient_key");
  prediction.idempotency_key = optional<std::string>(row, "idempotency_key").value_or("");
  prediction.source = row.get<std::string>("source");
  prediction.lesion = row.get<std::string>("lesion");
  return prediction;
}

void insert_prediction(soci::session& sql, long long seq, const Prediction& prediction) {
  const long long created_at = milliseconds_of(prediction.created_at);
  const std::string classes = text(prediction.classes), probabilities = text(prediction.probabilities),
                    logits = text(prediction.logits), set = text(prediction.prediction_set),
                    quality = text(prediction.quality), measures = json(prediction.measures).dump();
  const double uncertainty = 1 - *std::max_element(prediction.probabilities.begin(), prediction.probabilities.end());
  const double malignant_score = prediction.malignant_score.value_or(0), ood_score = prediction.ood_score.value_or(0);
  const long long age = prediction.age.value_or(0);
  soci::indicator has_malignant_score = there(prediction.malignant_score.has_value()),
                  has_ood_score = there(prediction.ood_score.has_value()), has_age = there(prediction.age.has_value()),
                  has_measures = there(!prediction.measures.empty()),
                  has_idempotency_key = there(!prediction.idempotency_key.empty());
  sql << "INSERT INTO predictions (seq, id, created_at, actor, picture, picture_format, model, model_version, classes,"
         " probabilities, logits, predicted_class, uncertainty, malignant_score, decision, prediction_set, ood_score,"
         " quality, measures, age, sex, site, patient_key, idempotency_key, source)"
         " VALUES (:seq, :id, :created_at, :actor, :picture, :picture_format, :model, :model_version, :classes,"
         " :probabilities, :logits, :predicted_class, :uncertainty, :malignant_score, :decision, :prediction_set,"
         " :ood_score, :quality, :measures, :age, :sex, :site, :patient_key, :idempotency_key, :source)",
      soci::use(seq), soci::use(prediction.id), soci::use(created_at), soci::use(prediction.actor),
      soci::use(prediction.picture), soci::use(prediction.picture_format), soci::use(prediction.model),
      soci::use(prediction.model_version), soci::use(classes), soci::use(probabilities), soci::use(logits),
      soci::use(prediction.predicted_class()), soci::use(uncertainty), soci::use(malignant_score, has_malignant_score),
      soci::use(prediction.decision), soci::use(set), soci::use(ood_score, has_ood_score), soci::use(quality),
      soci::use(measures, has_measures), soci::use(age, has_age), soci::use(prediction.sex), soci::use(prediction.site),
      soci::use(prediction.patient_key), soci::use(prediction.idempotency_key, has_idempotency_key),
      soci::use(prediction.source);
}

}  // namespace naevus::store
