#include "naevus/store/models.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "connections.hpp"
#include "model_rows.hpp"
#include "naevus/base/error.hpp"
#include "prediction_rows.hpp"
#include "text_check.hpp"

namespace naevus::store {
namespace {

std::optional<Model> with_sha256(soci::session& sql, const std::string& sha256) {
  soci::row row;
  sql << "SELECT " << model_columns << "FROM models m WHERE m.sha256 = :sha256", soci::use(sha256), soci::into(row);
  if (!sql.got_data()) return std::nullopt;
  return model_of(row);
}

/// One more than the highest number among that name's versions.
std::string next_version(soci::session& sql, const std::string& name) {
  long long highest = 0;
  const soci::rowset<std::string> versions =
      (sql.prepare << "SELECT version FROM models WHERE name = :name", soci::use(name));
  for (const std::string& version : versions) {
    long long number = 0;
    const auto [end, error] = std::from_chars(version.data(), version.data() + version.size(), number);
    if (error == std::errc() && end == version.data() + version.size()) highest = std::max(highest, number);
  }
  return std::to_string(highest + 1);
}

void check_free(soci::session& sql, const Model& model) {
  long long taken = 0;
  sql << "SELECT COUNT(*) FROM models WHERE name = :name AND version = :version", soci::use(model.name),
      soci::use(model.version), soci::into(taken);
  if (taken > 0)
    throw InputError(fmt::format("another model file was entered as {} {}", model.name, model.version), model.sha256,
                     "give this one another name or version");
}

void insert(Transaction& transaction, const Model& model) {
  const long long seq = transaction.next("models"), created_at = milliseconds_of(model.created_at);
  const std::string origin(name(model.origin));
  transaction.sql << "INSERT INTO models (seq, name, version, sha256, parent_sha256, data_hash, created_at, origin,"
                     " note) VALUES (:seq, :name, :version, :sha256, :parent, :data_hash, :created_at, :origin, :note)",
      soci::use(seq), soci::use(model.name), soci::use(model.version), soci::use(model.sha256),
      soci::use(model.parent_sha256), soci::use(model.data_hash), soci::use(created_at), soci::use(origin),
      soci::use(model.note);
  std::string picture;
  soci::statement statement = (transaction.sql.prepare << "INSERT INTO model_pictures (model, picture)"
                                                          " VALUES (:model, :picture) ON CONFLICT DO NOTHING",
                               soci::use(seq), soci::use(picture));
  for (const auto& hash : model.pictures) {
    picture = hash;
    statement.execute(true);
  }
  transaction.audit("model.add", model.sha256,
                    {{"name", model.name},
                     {"version", model.version},
                     {"origin", origin},
                     {"parent", model.parent_sha256},
                     {"data", model.data_hash}});
}

}  // namespace

std::string_view name(ModelOrigin origin) {
  return origin == ModelOrigin::file ? "file" : "retrain";
}

Model model_of(const soci::row& row) {
  return {.name = row.get<std::string>("name"),
          .version = row.get<std::string>("version"),
          .sha256 = row.get<std::string>("sha256"),
          .parent_sha256 = row.get<std::string>("parent_sha256"),
          .data_hash = row.get<std::string>("data_hash"),
          .origin = row.get<std::string>("origin") == "file" ? ModelOrigin::file : ModelOrigin::retrain,
          .note = row.get<std::string>("note"),
          .created_at = time_of(row.get<long long>("created_at"))};
}

long long seq_of_model(soci::session& sql, const std::string& sha256) {
  long long seq = 0;
  sql << "SELECT seq FROM models WHERE sha256 = :sha256", soci::use(sha256), soci::into(seq);
  if (!sql.got_data()) throw InputError("there is no such model", sha256, "`naevus models` lists those there are");
  return seq;
}

Model add_model(Database& database, const Actor& actor, const Model& model) {
  for (const auto* text : {&model.name, &model.version, &model.sha256, &model.parent_sha256, &model.data_hash})
    check_text(*text, "model", 1000);
  check_text(model.note, "note", std::size_t{64} << 10);
  return database.connections().write(actor, [&](Transaction& transaction) {
    if (const auto there = with_sha256(transaction.sql, model.sha256)) return *there;
    Model kept = model;
    kept.created_at = now();
    if (kept.version.empty())
      kept.version = next_version(transaction.sql, kept.name);
    else
      check_free(transaction.sql, kept);
    insert(transaction, kept);
    kept.pictures.clear();
    return kept;
  });
}

std::vector<Model> list_models(Database& database) {
  return database.connections().read([](soci::session& sql) {
    std::vector<Model> models;
    const soci::rowset<soci::row> rows = (sql.prepare << "SELECT " << model_columns << "FROM models m ORDER BY m.seq");
    for (const auto& row : rows) models.push_back(model_of(row));
    return models;
  });
}

std::optional<Model> find_model(Database& database, const std::string& sha256) {
  return database.connections().read([&](soci::session& sql) { return with_sha256(sql, sha256); });
}

std::optional<Model> find_model(Database& database, const std::string& name, const std::string& version) {
  return database.connections().read([&](soci::session& sql) -> std::optional<Model> {
    soci::row row;
    sql << "SELECT " << model_columns << "FROM models m WHERE m.name = :name AND m.version = :version", soci::use(name),
        soci::use(version), soci::into(row);
    if (!sql.got_data()) return std::nullopt;
    return model_of(row);
  });
}

}  // namespace naevus::store
