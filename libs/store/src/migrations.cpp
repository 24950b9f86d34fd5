#include "migrations.hpp"

#include <fmt/format.h>

#include <initializer_list>
#include <vector>

#include "crypto.hpp"
#include "failure.hpp"
#include "naevus/base/error.hpp"
#include "naevus/store/types.hpp"

namespace naevus::store {
namespace {

using Statements = std::vector<const char*>;

/// One step of the schema. The types are those that both databases understand: BIGINT, DOUBLE PRECISION, TEXT. A copy
/// of a database (backup.hpp) takes the tables in the order in which they were made: make a table after those it names.
struct Migration {
  Statements both, sqlite, postgresql;
};

const std::vector<Migration>& migrations() {
  static const std::vector<Migration> all{
      // 1: what is kept of an answer, what readers said of it, models, access, the audit log
      {.both =
           {
               "CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
               "CREATE TABLE predictions (seq BIGINT PRIMARY KEY, id TEXT NOT NULL UNIQUE, created_at BIGINT NOT NULL,"
               " actor TEXT NOT NULL, picture TEXT NOT NULL, picture_format TEXT NOT NULL, model TEXT NOT NULL,"
               " model_version TEXT NOT NULL, classes TEXT NOT NULL, probabilities TEXT NOT NULL, logits TEXT NOT NULL,"
               " predicted_class TEXT NOT NULL, uncertainty DOUBLE PRECISION NOT NULL,"
               " malignant_score DOUBLE PRECISION, decision TEXT NOT NULL, prediction_set TEXT NOT NULL,"
               " ood_score DOUBLE PRECISION, quality TEXT NOT NULL, age BIGINT, sex TEXT NOT NULL, site TEXT NOT NULL,"
               " patient_key TEXT NOT NULL, idempotency_key TEXT, source TEXT NOT NULL,"
               " UNIQUE (actor, idempotency_key))",
               "CREATE INDEX predictions_picture ON predictions (picture)",
               "CREATE INDEX predictions_patient ON predictions (patient_key, seq)",
               "CREATE INDEX predictions_created ON predictions (created_at)",
               "CREATE INDEX predictions_uncertain ON predictions (uncertainty DESC, seq)",
               "CREATE TABLE feedback (seq BIGINT PRIMARY KEY, id TEXT NOT NULL UNIQUE, created_at BIGINT NOT NULL,"
               " reader TEXT NOT NULL, prediction TEXT NOT NULL REFERENCES predictions (id) ON DELETE CASCADE,"
               " verdict TEXT NOT NULL, label TEXT NOT NULL, histopathology BIGINT NOT NULL, comment TEXT NOT NULL)",
               "CREATE INDEX feedback_prediction ON feedback (prediction, reader, seq)",
               "CREATE TABLE models (seq BIGINT PRIMARY KEY, name TEXT NOT NULL, version TEXT NOT NULL,"
               " sha256 TEXT NOT NULL, parent_sha256 TEXT NOT NULL, data_hash TEXT NOT NULL,"
               " created_at BIGINT NOT NULL, UNIQUE (name, version))",
               "CREATE TABLE model_pictures (model BIGINT NOT NULL REFERENCES models (seq), picture TEXT NOT NULL,"
               " PRIMARY KEY (picture, model))",
               "CREATE TABLE api_keys (seq BIGINT PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL,"
               " role TEXT NOT NULL, secret_hash TEXT NOT NULL UNIQUE, created_at BIGINT NOT NULL, expires_at BIGINT,"
               " revoked_at BIGINT)",
               "CREATE TABLE users (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, role TEXT NOT NULL,"
               " password_hash TEXT NOT NULL, created_at BIGINT NOT NULL)",
               "CREATE TABLE audit_head (one BIGINT PRIMARY KEY CHECK (one = 1), entries BIGINT NOT NULL,"
               " hash TEXT NOT NULL)",
               "INSERT INTO audit_head (one, entries, hash) VALUES (1, 0, '')",
               "CREATE TABLE audit (entry BIGINT PRIMARY KEY, at BIGINT NOT NULL, actor TEXT NOT NULL,"
               " action TEXT NOT NULL, object TEXT NOT NULL, details TEXT NOT NULL, previous TEXT NOT NULL,"
               " hash TEXT NOT NULL)",
           },
       .sqlite =
           {
               "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit"
               " BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END",
               "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit"
               " BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END",
           },
       .postgresql =
           {
               "CREATE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS"
               " 'BEGIN RAISE EXCEPTION ''the audit log only grows''; END'",
               "CREATE TRIGGER audit_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON audit"
               " EXECUTE FUNCTION audit_only_grows()",
           }},
      // 2: where a model came from, which answered when, and how often one that looked on agreed
      {.both =
           {
               "ALTER TABLE models ADD COLUMN origin TEXT NOT NULL DEFAULT 'file'",
               "ALTER TABLE models ADD COLUMN note TEXT NOT NULL DEFAULT ''",
               "CREATE UNIQUE INDEX models_sha256 ON models (sha256)",
               "CREATE TABLE model_parts (seq BIGINT PRIMARY KEY, part TEXT NOT NULL,"
               " model BIGINT REFERENCES models (seq), before BIGINT, at BIGINT NOT NULL)",
               "CREATE INDEX model_parts_part ON model_parts (part, seq)",
               "CREATE TABLE model_agreement (shadow BIGINT NOT NULL REFERENCES models (seq),"
               " served BIGINT NOT NULL REFERENCES models (seq), pictures BIGINT NOT NULL,"
               " same_class BIGINT NOT NULL, same_decision BIGINT NOT NULL, PRIMARY KEY (shadow, served))",
           }},
      // 3: how often a frozen test set was read
      {.both = {"CREATE TABLE test_readings (test_set TEXT PRIMARY KEY, readings BIGINT NOT NULL)"}},
      // 4: who is signed in; patients' lesions and the predictions filed under them
      {.both =
           {
               "CREATE TABLE sessions (id TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users (id)"
               " ON DELETE CASCADE, secret_hash TEXT NOT NULL UNIQUE, created_at BIGINT NOT NULL,"
               " seen_at BIGINT NOT NULL, ends_at BIGINT NOT NULL)",
               "CREATE INDEX sessions_user ON sessions (user_id)",
               "CREATE TABLE lesions (seq BIGINT PRIMARY KEY, id TEXT NOT NULL UNIQUE, created_at BIGINT NOT NULL,"
               " actor TEXT NOT NULL, patient_key TEXT NOT NULL, body_view TEXT, body_x DOUBLE PRECISION,"
               " body_y DOUBLE PRECISION, site TEXT NOT NULL, note TEXT NOT NULL)",
               "CREATE INDEX lesions_patient ON lesions (patient_key, seq)",
               "CREATE TABLE lesion_predictions (prediction TEXT PRIMARY KEY REFERENCES predictions (id)"
               " ON DELETE CASCADE, lesion TEXT NOT NULL REFERENCES lesions (id) ON DELETE CASCADE)",
               "CREATE INDEX lesion_predictions_lesion ON lesion_predictions (lesion)",
           }},
      // 5: work of minutes or hours
      {.both =
           {
               "CREATE TABLE jobs (seq BIGINT PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,"
               " arguments TEXT NOT NULL, actor TEXT NOT NULL, state TEXT NOT NULL, created_at BIGINT NOT NULL,"
               " started_at BIGINT, ended_at BIGINT, runner TEXT NOT NULL DEFAULT '', seen_at BIGINT NOT NULL DEFAULT"
               " 0, progress TEXT NOT NULL DEFAULT '', result TEXT NOT NULL DEFAULT '', problem TEXT NOT NULL DEFAULT"
               " '', cancelling BIGINT NOT NULL DEFAULT 0)",
               "CREATE INDEX jobs_state ON jobs (state)",
               "CREATE TABLE job_events (job TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,"
               " number BIGINT NOT NULL, at BIGINT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (job, number))",
           }},
      // 6: what was measured of a picture, and the last answers of a model
      {.both = {"ALTER TABLE predictions ADD COLUMN measures TEXT",
                "CREATE INDEX predictions_model ON predictions (model, model_version, seq)"}},
      // 7: who changed which model answers, how and why; of earlier changes the audit log tells it, in the same order
      {.both = {"ALTER TABLE model_parts ADD COLUMN kind TEXT NOT NULL DEFAULT ''",
                "ALTER TABLE model_parts ADD COLUMN actor TEXT NOT NULL DEFAULT ''",
                "ALTER TABLE model_parts ADD COLUMN reason TEXT NOT NULL DEFAULT ''",
                "UPDATE model_parts SET actor = a.actor, kind = CASE a.action WHEN 'model.promote' THEN 'promoted'"
                " WHEN 'model.rollback' THEN 'rolled_back' ELSE CASE WHEN model_parts.model IS NULL"
                " THEN 'shadow_ended' ELSE 'shadow' END END"
                " FROM (SELECT actor, action, ROW_NUMBER() OVER (ORDER BY entry) AS number FROM audit"
                " WHERE action IN ('model.promote', 'model.rollback', 'model.shadow')) a,"
                " (SELECT seq, ROW_NUMBER() OVER (ORDER BY seq) AS number FROM model_parts) p"
                " WHERE a.number = p.number AND p.seq = model_parts.seq"}},
      // 8: sessions of keys, beside those of users
      {.both =
           {
               "ALTER TABLE sessions RENAME TO sessions_of_users",
               "DROP INDEX sessions_user",
               "CREATE TABLE sessions (id TEXT PRIMARY KEY, user_id TEXT REFERENCES users (id) ON DELETE CASCADE,"
               " key_id TEXT REFERENCES api_keys (id) ON DELETE CASCADE, secret_hash TEXT NOT NULL UNIQUE,"
               " created_at BIGINT NOT NULL, seen_at BIGINT NOT NULL, ends_at BIGINT NOT NULL,"
               " CHECK ((user_id IS NULL) <> (key_id IS NULL)))",
               "INSERT INTO sessions (id, user_id, secret_hash, created_at, seen_at, ends_at)"
               " SELECT id, user_id, secret_hash, created_at, seen_at, ends_at FROM sessions_of_users",
               "DROP TABLE sessions_of_users",
               "CREATE INDEX sessions_user ON sessions (user_id)",
           }},
  };
  return all;
}

struct Found {
  long long schema = 0;  ///< 0: nothing of ours
  std::string program;
};

Found found_schema(soci::session& session, Dialect dialect, const std::string& place) {
  long long ours = 0, others = 0;
  const bool sqlite = dialect == Dialect::sqlite;
  const std::string tables = sqlite ? "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name "
                                    : "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = "
                                      "current_schema() AND table_name ";
  session << tables << "= 'naevus_schema'", soci::into(ours);
  if (ours == 0) {
    session << tables << "<> 'naevus_schema'", soci::into(others);
    if (others != 0)
      throw InputError("holds tables of another program", place, "name another folder or another database");
    return {};
  }
  Found found;
  session << "SELECT version, program FROM naevus_schema ORDER BY version DESC LIMIT 1", soci::into(found.schema),
      soci::into(found.program);
  return found;
}

void apply(soci::session& session, Dialect dialect, std::size_t version) {
  if (version == 1) {
    session << "CREATE TABLE naevus_schema (version BIGINT PRIMARY KEY, program TEXT NOT NULL,"
               " migrated_at BIGINT NOT NULL)";
  }
  const Migration& migration = migrations().at(version - 1);
  for (const char* statement : migration.both) session << statement;
  for (const char* statement : dialect == Dialect::sqlite ? migration.sqlite : migration.postgresql)
    session << statement;
  if (version == 1) {
    const std::string key = random_hex(32);
    session << "INSERT INTO settings (name, value) VALUES ('audit_key', :key)", soci::use(key);
  }
  const auto number = static_cast<long long>(version);
  const long long at = now().time_since_epoch().count();
  const std::string program = NAEVUS_VERSION;
  session << "INSERT INTO naevus_schema (version, program, migrated_at) VALUES (:version, :program, :at)",
      soci::use(number), soci::use(program), soci::use(at);
}

/// @return whether there is more to do
bool migrate_once(soci::session& session, Dialect dialect, const std::string& place, std::size_t until) {
  constexpr const char* one_at_a_time = "SELECT pg_advisory_xact_lock(7305808869231650163)";  // any fixed number
  session << (dialect == Dialect::sqlite ? "BEGIN IMMEDIATE" : "BEGIN");
  try {
    if (dialect == Dialect::postgresql) session << one_at_a_time;
    const Found found = found_schema(session, dialect, place);
    const auto schema = static_cast<std::size_t>(found.schema);
    if (schema > newest_schema()) {
      throw InputError(fmt::format("was written by naevus {} (schema {}); this is naevus {} (schema {})", found.program,
                                   schema, NAEVUS_VERSION, newest_schema()),
                       place, fmt::format("use naevus {} or later", found.program));
    }
    if (schema < until) apply(session, dialect, schema + 1);
    session << "COMMIT";
    return schema + 1 < until;
  } catch (...) {
    roll_back(session);
    throw;
  }
}

}  // namespace

std::size_t newest_schema() {
  return migrations().size();
}

void migrate(soci::session& session, Dialect dialect, const std::string& place, std::size_t until) {
  while (migrate_once(session, dialect, place, until)) {
  }
}

}  // namespace naevus::store
