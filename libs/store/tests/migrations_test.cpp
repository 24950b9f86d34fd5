#include "migrations.hpp"

#include <fmt/format.h>
#include <soci/postgresql/soci-postgresql.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include "crypto.hpp"
#include "homes.hpp"
#include "naevus/store/models.hpp"
#include "naevus/store/sessions.hpp"

namespace naevus::store {
namespace {

using testing::ElementsAre;

template <typename Home>
class Migrations : public testing::Test {
 protected:
  Home home;

  /// A database of that older schema, with those rows.
  void make(std::size_t schema, const std::vector<std::string>& statements) {
    soci::session sql;
    if (this->home.location.url.empty()) {
      make_folder(this->home.location.folder);
      sql.open(soci::sqlite3, fmt::format("db=\"{}\"", (this->home.location.folder / "naevus.db").string()));
      migrate(sql, Dialect::sqlite, "here", schema);
    } else {
      sql.open(soci::postgresql, this->home.location.url);
      migrate(sql, Dialect::postgresql, "here", schema);
    }
    for (const auto& statement : statements) sql << statement;
  }
};
TYPED_TEST_SUITE(Migrations, Homes);

std::vector<std::string> rows(const std::string& table_and_columns, const std::vector<std::string>& values) {
  std::vector<std::string> statements;
  statements.reserve(values.size());
  for (const auto& one : values)
    statements.push_back(fmt::format("INSERT INTO {} VALUES ({})", table_and_columns, one));
  return statements;
}

TYPED_TEST(Migrations, ToldWhoChangedTheModelsByTheAuditLog) {
  auto statements = rows("models (seq, name, version, sha256, parent_sha256, data_hash, created_at)",
                         {"1, 'm', '1', 'a', '', '', 1", "2, 'm', '2', 'b', '', '', 2"});
  for (const auto& statement : rows("model_parts (seq, part, model, before, at)",
                                    {"1, 'serving', 1, NULL, 10", "2, 'serving', 2, 1, 20", "3, 'shadow', 1, NULL, 30",
                                     "4, 'serving', 1, NULL, 40", "5, 'shadow', NULL, NULL, 40"}))
    statements.push_back(statement);
  for (const auto& statement : rows(
           "audit (entry, at, actor, action, object, details, previous, hash)",
           {"1, 1, 'user:x', 'model.add', 'a', '{}', '', ''", "2, 10, 'local', 'model.promote', 'a', '{}', '', ''",
            "3, 20, 'user:x', 'model.promote', 'b', '{}', '', ''",
            "4, 21, 'user:y', 'prediction.add', 'p', '{}', '', ''", "5, 30, 'key:z', 'model.shadow', 'a', '{}', '', ''",
            "6, 40, 'user:y', 'model.rollback', 'a', '{}', '', ''",
            "7, 40, 'user:y', 'model.shadow', '', '{}', '', ''"}))
    statements.push_back(statement);
  this->make(6, statements);
  Database database(this->home.location);
  std::vector<std::string> seen;
  for (const auto& one : model_history(database, 10).changes)
    seen.push_back(fmt::format("{} {} {} v{} '{}'", one.at.time_since_epoch().count(), one.actor, one.kind,
                               one.model.version, one.reason));
  EXPECT_THAT(seen, ElementsAre("40 user:y shadow_ended v1 ''", "40 user:y rolled_back v1 ''", "30 key:z shadow v1 ''",
                                "20 user:x promoted v2 ''", "10 local promoted v1 ''"));
}

TYPED_TEST(Migrations, SignNobodyOut) {
  const Time at = now();
  const auto then = at.time_since_epoch().count();
  this->make(7, {"INSERT INTO users (id, name, role, password_hash, created_at) VALUES ('u', 'Eva', 'admin', '', 1)",
                 fmt::format("INSERT INTO sessions (id, user_id, secret_hash, created_at, seen_at, ends_at)"
                             " VALUES ('s', 'u', '{}', {}, {}, {})",
                             blake2b("secret"), then, then, then + 1000)});
  Database database(this->home.location);
  const auto session = find_session(database, "secret", {}, at);
  ASSERT_TRUE(session && session->user);
  EXPECT_EQ(session->user->name, "Eva");
  EXPECT_EQ(session->actor.id, "user:u");
  EXPECT_EQ(session->role, Role::admin);
}

}  // namespace
}  // namespace naevus::store
