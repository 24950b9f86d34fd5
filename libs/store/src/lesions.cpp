#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "connections.hpp"
#include "crypto.hpp"
#include "lesion_rows.hpp"
#include "naevus/base/error.hpp"
#include "naevus/store/patients.hpp"
#include "prediction_rows.hpp"
#include "text_check.hpp"

namespace naevus::store {
namespace {

constexpr std::array<std::string_view, 4> views{"anterior", "posterior", "left", "right"};
constexpr const char* columns =
    "SELECT l.id, l.created_at, l.actor, l.patient_key, l.body_view, l.body_x, l.body_y, l.site, l.note FROM lesions "
    "l ";

void check(const LesionWords& words) {
  check_text(words.site, "site", 100);
  check_text(words.note, "note", 4000);
  if (!words.point) return;
  if (std::find(views.begin(), views.end(), words.point->view) == views.end())
    throw InputError("the view of the body is anterior, posterior, left or right", "view");
  const auto within = [](double value) { return value >= 0 && value <= 1; };
  if (!within(words.point->x) || !within(words.point->y))
    throw InputError("a place on the body has coordinates from 0 to 1", "point");
}

Lesion lesion_of(const soci::row& row) {
  Lesion lesion{.id = row.get<std::string>("id"),
                .created_at = time_of(row.get<long long>("created_at")),
                .actor = row.get<std::string>("actor"),
                .patient_key = row.get<std::string>("patient_key"),
                .words = {.site = row.get<std::string>("site"), .note = row.get<std::string>("note")}};
  if (row.get_indicator("body_view") != soci::i_null)
    lesion.words.point = {
        .view = row.get<std::string>("body_view"), .x = row.get<double>("body_x"), .y = row.get<double>("body_y")};
  return lesion;
}

void count_predictions(soci::session& sql, Lesion& lesion) {
  long long count = 0;
  sql << "SELECT COUNT(*) FROM lesion_predictions WHERE lesion = :lesion", soci::use(lesion.id), soci::into(count);
  lesion.predictions = count;
}

std::optional<Lesion> find(soci::session& sql, const std::string& id) {
  soci::row row;
  sql << columns << "WHERE l.id = :id", soci::use(id), soci::into(row);
  if (!sql.got_data()) return std::nullopt;
  Lesion lesion = lesion_of(row);
  count_predictions(sql, lesion);
  return lesion;
}

void insert(Transaction& transaction, const Lesion& lesion) {
  const long long seq = transaction.next("lesions"), created_at = milliseconds_of(lesion.created_at);
  transaction.sql << "INSERT INTO lesions (seq, id, created_at, actor, patient_key, site, note)"
                     " VALUES (:seq, :id, :created_at, :actor, :patient_key, '', '')",
      soci::use(seq), soci::use(lesion.id), soci::use(created_at), soci::use(lesion.actor),
      soci::use(lesion.patient_key);
}

void write_words(soci::session& sql, const Lesion& lesion) {
  const BodyPoint point = lesion.words.point.value_or(BodyPoint());
  soci::indicator view = lesion.words.point ? soci::i_ok : soci::i_null, x = view, y = view;
  sql << "UPDATE lesions SET body_view = :view, body_x = :x, body_y = :y, site = :site, note = :note WHERE id = :id",
      soci::use(point.view, view), soci::use(point.x, x), soci::use(point.y, y), soci::use(lesion.words.site),
      soci::use(lesion.words.note), soci::use(lesion.id);
}

}  // namespace

Lesion add_lesion(Database& database, const Actor& actor, const std::string& patient_key, const LesionWords& words) {
  check_text(patient_key, "patient key", 1000);
  if (patient_key.empty()) throw InputError("a lesion is a patient's: their key is missing", "patient key");
  check(words);
  const Lesion lesion{
      .id = random_hex(16), .created_at = now(), .actor = actor.id, .patient_key = patient_key, .words = words};
  database.connections().write(actor, [&](Transaction& transaction) {
    insert(transaction, lesion);
    write_words(transaction.sql, lesion);
    transaction.audit("lesion.add", lesion.id, {{"patient", transaction.secret(patient_key)}});
  });
  return lesion;
}

std::vector<Lesion> lesions_of(Database& database, const std::string& patient_key) {
  return database.connections().read([&](soci::session& sql) {
    std::vector<Lesion> lesions;
    const soci::rowset<soci::row> rows =
        (sql.prepare << columns << "WHERE l.patient_key = :key ORDER BY l.seq", soci::use(patient_key));
    for (const auto& row : rows) lesions.push_back(lesion_of(row));
    for (auto& lesion : lesions) count_predictions(sql, lesion);
    return lesions;
  });
}

std::optional<Lesion> find_lesion(Database& database, const std::string& id) {
  return database.connections().read([&](soci::session& sql) { return find(sql, id); });
}

std::optional<Lesion> change_lesion(Database& database, const Actor& actor, const std::string& id,
                                    const LesionChange& change) {
  return database.connections().write(actor, [&](Transaction& transaction) -> std::optional<Lesion> {
    auto lesion = find(transaction.sql, id);
    if (!lesion) return std::nullopt;
    if (change.point) lesion->words.point = *change.point;
    if (change.site) lesion->words.site = *change.site;
    if (change.note) lesion->words.note = *change.note;
    check(lesion->words);
    write_words(transaction.sql, *lesion);
    transaction.audit(
        "lesion.change", id,
        {{"point", change.point.has_value()}, {"site", change.site.has_value()}, {"note", change.note.has_value()}});
    return lesion;
  });
}

bool remove_lesion(Database& database, const Actor& actor, const std::string& id) {
  return database.connections().write(actor, [&](Transaction& transaction) {
    if (!find(transaction.sql, id)) return false;
    transaction.sql << "DELETE FROM lesions WHERE id = :id", soci::use(id);
    transaction.audit("lesion.remove", id, nlohmann::json::object());
    return true;
  });
}

void take_from_lesion(soci::session& sql, Prediction& prediction) {
  if (prediction.lesion.empty()) return;
  const auto lesion = find(sql, prediction.lesion);
  if (!lesion) throw InputError("there is no lesion of that id", "lesion");
  if (!prediction.patient_key.empty() && prediction.patient_key != lesion->patient_key)
    throw InputError("the lesion is another patient's", "lesion");
  prediction.patient_key = lesion->patient_key;
  if (prediction.site.empty()) prediction.site = lesion->words.site;
}

void file_under_lesion(soci::session& sql, const Prediction& prediction) {
  sql << "DELETE FROM lesion_predictions WHERE prediction = :id", soci::use(prediction.id);
  if (!prediction.lesion.empty())
    sql << "INSERT INTO lesion_predictions (prediction, lesion) VALUES (:id, :lesion)", soci::use(prediction.id),
        soci::use(prediction.lesion);
}

}  // namespace naevus::store
