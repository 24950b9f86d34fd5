#include "naevus/store/patients.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "connections.hpp"
#include "lesion_rows.hpp"
#include "naevus/base/error.hpp"
#include "picture_use.hpp"
#include "prediction_rows.hpp"

namespace naevus::store {
namespace {

/// Of each table only as many patients as the page may need are counted.
constexpr const char* page_query =
    "SELECT patient_key, CAST(SUM(predictions) AS BIGINT), CAST(SUM(lesions) AS BIGINT), MAX(last_at) FROM ("
    " SELECT * FROM (SELECT patient_key, COUNT(*) AS predictions, 0 AS lesions, MAX(created_at) AS last_at"
    " FROM predictions WHERE patient_key > :after1 GROUP BY patient_key ORDER BY patient_key LIMIT :limit1) p"
    " UNION ALL"
    " SELECT * FROM (SELECT patient_key, 0 AS predictions, COUNT(*) AS lesions, MAX(created_at) AS last_at"
    " FROM lesions WHERE patient_key > :after2 GROUP BY patient_key ORDER BY patient_key LIMIT :limit2) l"
    ") both_tables GROUP BY patient_key ORDER BY patient_key LIMIT :limit3";

struct Found {
  ErasedPatient erased;
  std::set<std::string> pictures;
};

/// Every prediction and lesion of a patient, by id, with the pictures.
struct Holdings {
  std::vector<std::string> predictions, lesions;
  std::vector<std::string> pictures;  ///< one a prediction
};

Holdings holdings_of(soci::session& sql, const std::string& key) {
  Holdings holdings;
  std::string id, picture;
  soci::statement predictions =
      (sql.prepare << "SELECT id, picture FROM predictions WHERE patient_key = :key ORDER BY seq", soci::use(key),
       soci::into(id), soci::into(picture));
  predictions.execute();
  while (predictions.fetch()) {
    holdings.predictions.push_back(id);
    holdings.pictures.push_back(picture);
  }
  soci::statement lesions =
      (sql.prepare << "SELECT id FROM lesions WHERE patient_key = :key ORDER BY seq", soci::use(key), soci::into(id));
  lesions.execute();
  while (lesions.fetch()) holdings.lesions.push_back(id);
  return holdings;
}

void audit(Transaction& transaction, const std::string& key, const Holdings& holdings) {
  for (std::size_t i = 0; i < holdings.predictions.size(); ++i)
    transaction.audit("prediction.erase", holdings.predictions[i],
                      {{"picture", transaction.secret(holdings.pictures[i])}});
  for (const auto& lesion : holdings.lesions) transaction.audit("lesion.remove", lesion, nlohmann::json::object());
  transaction.audit("patient.erase", transaction.secret(key),
                    {{"predictions", holdings.predictions.size()}, {"lesions", holdings.lesions.size()}});
}

Found erase_rows(Transaction& transaction, const std::string& key) {
  const Holdings holdings = holdings_of(transaction.sql, key);
  Found found;
  found.erased.predictions = static_cast<std::int64_t>(holdings.predictions.size());
  found.erased.lesions = static_cast<std::int64_t>(holdings.lesions.size());
  if (holdings.predictions.empty() && holdings.lesions.empty()) return found;
  transaction.sql << "DELETE FROM predictions WHERE patient_key = :key", soci::use(key);  // feedback goes with them
  transaction.sql << "DELETE FROM lesions WHERE patient_key = :key", soci::use(key);
  found.pictures = {holdings.pictures.begin(), holdings.pictures.end()};
  auto& models = found.erased.trained_on;
  for (const auto& picture : found.pictures)
    for (auto& model : trained_on(transaction.sql, picture))
      if (std::find(models.begin(), models.end(), model) == models.end()) models.push_back(std::move(model));
  audit(transaction, key, holdings);
  return found;
}

}  // namespace

PatientPage patients(Database& database, std::size_t limit, const std::string& cursor) {
  if (limit < 1 || limit > 1000) throw InputError("a page has 1 to 1000 patients", "limit");
  const auto asked = static_cast<long long>(limit) + 1;  // one more: is there a next page?
  return database.connections().read([&](soci::session& sql) {
    std::string key;
    long long predictions = 0, lesions = 0, last_at = 0;
    soci::statement statement =
        (sql.prepare << page_query, soci::use(cursor), soci::use(asked), soci::use(cursor), soci::use(asked),
         soci::use(asked), soci::into(key), soci::into(predictions), soci::into(lesions), soci::into(last_at));
    statement.execute();
    PatientPage page;
    while (statement.fetch()) {
      if (page.patients.size() == limit) {
        page.next = page.patients.back().key;
        break;
      }
      page.patients.push_back(
          {.key = key, .predictions = predictions, .lesions = lesions, .last_at = time_of(last_at)});
    }
    return page;
  });
}

std::optional<ErasedPatient> erase_patient(Database& database, const PictureFolder& pictures, const Actor& actor,
                                           const std::string& key) {
  if (key.empty()) return std::nullopt;  // those who were not named are no patient
  auto found =
      database.connections().write(actor, [&](Transaction& transaction) { return erase_rows(transaction, key); });
  if (found.erased.predictions == 0 && found.erased.lesions == 0) return std::nullopt;
  for (const auto& picture : found.pictures)
    if (forget_picture(database, pictures, actor, picture)) found.erased.pictures.push_back(picture);
  return found.erased;
}

std::optional<Prediction> file_prediction(Database& database, const Actor& actor, const std::string& prediction,
                                          const std::string& lesion) {
  return database.connections().write(actor, [&](Transaction& transaction) -> std::optional<Prediction> {
    auto found = find_prediction_in(transaction.sql, prediction);
    if (!found) return std::nullopt;
    found->lesion = lesion;
    const std::string site = found->site;
    take_from_lesion(transaction.sql, *found);
    found->site = site;
    transaction.sql << "UPDATE predictions SET patient_key = :key WHERE id = :id", soci::use(found->patient_key),
        soci::use(found->id);
    file_under_lesion(transaction.sql, *found);
    transaction.audit("prediction.file", found->id,
                      {{"lesion", lesion}, {"patient", transaction.secret(found->patient_key)}});
    return found;
  });
}

}  // namespace naevus::store
