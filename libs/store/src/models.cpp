#include "naevus/store/models.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "connections.hpp"
#include "naevus/base/error.hpp"
#include "prediction_rows.hpp"
#include "text_check.hpp"

namespace naevus::store {
namespace {

void insert(Transaction& transaction, const Model& model) {
  const long long seq = transaction.next("models"), created_at = milliseconds_of(now());
  transaction.sql << "INSERT INTO models (seq, name, version, sha256, parent_sha256, data_hash, created_at)"
                     " VALUES (:seq, :name, :version, :sha256, :parent, :data_hash, :created_at)",
      soci::use(seq), soci::use(model.name), soci::use(model.version), soci::use(model.sha256),
      soci::use(model.parent_sha256), soci::use(model.data_hash), soci::use(created_at);
  std::string picture;
  soci::statement statement = (transaction.sql.prepare << "INSERT INTO model_pictures (model, picture)"
                                                          " VALUES (:model, :picture) ON CONFLICT DO NOTHING",
                               soci::use(seq), soci::use(picture));
  for (const auto& hash : model.pictures) {
    picture = hash;
    statement.execute(true);
  }
  transaction.audit(
      "model.add", model.sha256,
      {{"name", model.name}, {"version", model.version}, {"parent", model.parent_sha256}, {"data", model.data_hash}});
}

}  // namespace

void add_model(Database& database, const Actor& actor, const Model& model) {
  for (const auto* text : {&model.name, &model.version, &model.sha256, &model.parent_sha256, &model.data_hash})
    check_text(*text, "model", 1000);
  database.connections().write(actor, [&](Transaction& transaction) {
    std::string there;
    transaction.sql << "SELECT sha256 FROM models WHERE name = :name AND version = :version", soci::use(model.name),
        soci::use(model.version), soci::into(there);
    if (!transaction.sql.got_data()) {
      insert(transaction, model);
    } else if (there != model.sha256) {
      throw InputError(fmt::format("another model file was entered as {} {}", model.name, model.version), model.sha256,
                       "give this one another name or version");
    }
  });
}

}  // namespace naevus::store
