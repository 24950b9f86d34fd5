#include "naevus/store/predictions.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "connections.hpp"
#include "crypto.hpp"
#include "lesion_rows.hpp"
#include "naevus/base/error.hpp"
#include "picture_use.hpp"
#include "prediction_rows.hpp"
#include "text_check.hpp"

namespace naevus::store {
namespace {

constexpr std::size_t most_text = 1000;  // bytes of one field

void check(const Prediction& prediction) {
  const auto finite = [](double value) { return std::isfinite(value); };
  const std::size_t classes = prediction.classes.size();
  if (classes == 0 || prediction.probabilities.size() != classes ||
      (!prediction.logits.empty() && prediction.logits.size() != classes))
    throw InputError("a prediction has one probability for each class, and one logit or none");
  if (!std::all_of(prediction.probabilities.begin(), prediction.probabilities.end(), finite) ||
      !std::all_of(prediction.logits.begin(), prediction.logits.end(), finite) ||
      !finite(prediction.malignant_score.value_or(0)) || !finite(prediction.ood_score.value_or(0)) ||
      !std::ranges::all_of(prediction.measures, [&](const auto& one) { return finite(one.second); }))
    throw InputError("a prediction's number is not finite");
  const std::pair<const char*, const std::string*> texts[] = {{"picture format", &prediction.picture_format},
                                                              {"model", &prediction.model},
                                                              {"model version", &prediction.model_version},
                                                              {"decision", &prediction.decision},
                                                              {"sex", &prediction.sex},
                                                              {"site", &prediction.site},
                                                              {"patient key", &prediction.patient_key},
                                                              {"idempotency key", &prediction.idempotency_key},
                                                              {"source", &prediction.source}};
  for (const auto& [what, value] : texts) check_text(*value, what, most_text);
  for (const auto* names : {&prediction.classes, &prediction.prediction_set, &prediction.quality})
    for (const auto& name : *names) check_text(name, "class or verdict", most_text);
  for (const auto& [name, value] : prediction.measures) check_text(name, "measure", most_text);
}

std::optional<Prediction> find(soci::session& sql, const std::string& condition, const std::string& first,
                               const std::string& second = {}) {
  soci::row row;
  soci::statement statement(sql);
  statement.exchange(soci::use(first));
  if (!second.empty()) statement.exchange(soci::use(second));
  statement.exchange(soci::into(row));
  statement.alloc();
  statement.prepare("SELECT " + prediction_columns() + " FROM predictions p WHERE " + condition);
  statement.define_and_bind();
  if (!statement.execute(true)) return std::nullopt;
  return prediction_of(row);
}

std::optional<Prediction> find_repeated(soci::session& sql, const std::string& actor, const std::string& key) {
  if (key.empty()) return std::nullopt;
  return find(sql, "p.idempotency_key = :key AND p.actor = :actor", key, actor);
}

bool is_referenced(soci::session& sql, const std::string& picture) {
  long long count = 0;
  sql << "SELECT COUNT(*) FROM predictions WHERE picture = :picture", soci::use(picture), soci::into(count);
  return count != 0;
}

}  // namespace

std::vector<ModelVersion> trained_on(soci::session& sql, const std::string& picture) {
  std::vector<ModelVersion> models;
  const soci::rowset<soci::row> rows =
      (sql.prepare << "SELECT m.name, m.version FROM models m JOIN model_pictures t ON t.model = m.seq"
                      " WHERE t.picture = :picture ORDER BY m.seq",
       soci::use(picture));
  for (const auto& row : rows) models.push_back({row.get<std::string>("name"), row.get<std::string>("version")});
  return models;
}

const std::string& Prediction::predicted_class() const {
  const auto best = std::max_element(probabilities.begin(), probabilities.end());
  return classes.at(static_cast<std::size_t>(best - probabilities.begin()));
}

AddedPrediction add_prediction(Database& database, const PictureFolder& pictures, const Actor& actor,
                               Prediction prediction, std::span<const std::byte> picture,
                               std::optional<KeptPicture> kept) {
  check(prediction);
  prediction.id = random_hex(16);
  prediction.created_at = now();
  prediction.actor = actor.id;
  if (!prediction.lesion.empty())  // what is wrong with it is said before the picture is kept
    database.connections().read([&](soci::session& sql) { take_from_lesion(sql, prediction); });
  if (!kept) kept = pictures.put(picture);
  prediction.picture = kept->hash;
  return database.connections().write(actor, [&](Transaction& transaction) -> AddedPrediction {
    if (auto before = find_repeated(transaction.sql, actor.id, prediction.idempotency_key))
      return {.prediction = std::move(*before), .repeated = true};
    take_from_lesion(transaction.sql, prediction);                // the lesion may have been removed since
    if (!pictures.is_still(*kept)) kept = pictures.put(picture);  // erased with another prediction since
    insert_prediction(transaction.sql, transaction.next("predictions"), prediction);
    file_under_lesion(transaction.sql, prediction);
    transaction.audit("prediction.add", prediction.id,
                      {{"picture", transaction.secret(prediction.picture)},
                       {"patient", transaction.secret(prediction.patient_key)},
                       {"lesion", prediction.lesion},
                       {"model", prediction.model},
                       {"model_version", prediction.model_version}});
    return {.prediction = prediction, .repeated = false};
  });
}

std::optional<Prediction> find_prediction_in(soci::session& sql, const std::string& id) {
  return find(sql, "p.id = :id", id);
}

std::optional<Prediction> find_prediction(Database& database, const std::string& id) {
  return database.connections().read([&](soci::session& sql) { return find_prediction_in(sql, id); });
}

std::optional<Prediction> find_repeated(Database& database, const Actor& actor, const std::string& idempotency_key) {
  return database.connections().read([&](soci::session& sql) { return find_repeated(sql, actor.id, idempotency_key); });
}

std::optional<Erased> erase_prediction(Database& database, const PictureFolder& pictures, const Actor& actor,
                                       const std::string& id) {
  std::string picture;
  auto erased = database.connections().write(actor, [&](Transaction& transaction) -> std::optional<Erased> {
    soci::session& sql = transaction.sql;
    sql << "SELECT picture FROM predictions WHERE id = :id", soci::use(id), soci::into(picture);
    if (!sql.got_data()) return std::nullopt;
    sql << "DELETE FROM predictions WHERE id = :id", soci::use(id);  // its feedback goes with it
    Erased result{.picture = picture, .trained_on = trained_on(sql, picture)};
    transaction.audit("prediction.erase", id, {{"picture", transaction.secret(picture)}});
    return result;
  });
  if (erased) erased->picture_removed = forget_picture(database, pictures, actor, picture);
  return erased;
}

std::vector<std::string> predictions_before(Database& database, Time before, std::size_t limit) {
  const long long at = milliseconds_of(before);
  const auto most = static_cast<long long>(limit);
  return database.connections().read([&](soci::session& sql) {
    const soci::rowset<std::string> ids =
        (sql.prepare << "SELECT id FROM predictions WHERE created_at < :before ORDER BY created_at LIMIT :most",
         soci::use(at), soci::use(most));
    return std::vector<std::string>(ids.begin(), ids.end());
  });
}

bool forget_picture(Database& database, const PictureFolder& pictures, const Actor& actor, const std::string& picture) {
  return database.connections().write(actor, [&](Transaction& transaction) {
    const bool unreferenced = !is_referenced(transaction.sql, picture);
    if (unreferenced) pictures.erase(picture);
    return unreferenced;
  });
}

std::size_t sweep_pictures(Database& database, const PictureFolder& pictures) {
  pictures.remove_unfinished();
  std::vector<std::string> unreferenced;
  database.connections().read([&](soci::session& sql) {
    unreferenced.clear();
    pictures.visit([&](const std::string& picture) {
      if (!is_referenced(sql, picture)) unreferenced.push_back(picture);
    });
  });
  std::size_t removed = 0;
  for (const auto& picture : unreferenced)
    if (forget_picture(database, pictures, {"local"}, picture)) ++removed;
  return removed;
}

}  // namespace naevus::store
