#include <algorithm>
#include <nlohmann/json.hpp>

#include "connections.hpp"
#include "model_rows.hpp"
#include "naevus/base/error.hpp"
#include "prediction_rows.hpp"
#include "text_check.hpp"

namespace naevus::store {
namespace {

constexpr const char* serving = "serving";
constexpr const char* shadow = "shadow";
constexpr const char* promoted = "promoted";

/// The newest change of a part; 0 where there was none.
struct Change {
  long long seq = 0;
  long long model = 0;   ///< models.seq; 0: none
  long long before = 0;  ///< seq of the change that a rollback returns to; 0: there is none
};

Change change(soci::session& sql, const std::string& where, const std::string& part, long long seq) {
  Change found;
  soci::indicator model = soci::i_null, before = soci::i_null;
  soci::statement statement =
      (sql.prepare << "SELECT seq, model, before FROM model_parts WHERE " << where << " ORDER BY seq DESC LIMIT 1",
       soci::into(found.seq), soci::into(found.model, model), soci::into(found.before, before), soci::use(part, "part"),
       soci::use(seq, "seq"));
  if (!statement.execute(true)) return {};
  if (model == soci::i_null) found.model = 0;
  if (before == soci::i_null) found.before = 0;
  return found;
}

Change newest(soci::session& sql, const std::string& part) {
  return change(sql, "part = :part AND seq > :seq", part, 0);
}

std::optional<Model> with_seq(soci::session& sql, long long seq) {
  soci::row row;
  sql << "SELECT " << model_columns << "FROM models m WHERE m.seq = :seq", soci::use(seq), soci::into(row);
  if (!sql.got_data()) return std::nullopt;
  return model_of(row);
}

/// What becomes a row.
struct NewChange {
  std::string part, kind;
  long long model = 0, before = 0;  ///< as in Change
  std::string reason = {};
};

void enter(Transaction& transaction, const Actor& actor, const NewChange& change) {
  const long long seq = transaction.next("model_parts"), at = milliseconds_of(now());
  soci::indicator of_model = change.model == 0 ? soci::i_null : soci::i_ok,
                  of_before = change.before == 0 ? soci::i_null : soci::i_ok;
  transaction.sql << "INSERT INTO model_parts (seq, part, model, before, at, kind, actor, reason)"
                     " VALUES (:seq, :part, :model, :before, :at, :kind, :actor, :reason)",
      soci::use(seq), soci::use(change.part), soci::use(change.model, of_model), soci::use(change.before, of_before),
      soci::use(at), soci::use(change.kind), soci::use(actor.id), soci::use(change.reason);
}

/// A reason as it is kept. @throws InputError as promote
std::string checked(const std::string& reason) {
  constexpr const char* blank = " \t\r\n";
  const std::size_t begin = std::min(reason.find_first_not_of(blank), reason.size());
  const std::string kept = reason.substr(begin, reason.find_last_not_of(blank) + 1 - begin);
  check_text(kept, "reason", 1000);
  return kept;
}

std::string sha256_of(soci::session& sql, long long seq) {
  const auto model = with_seq(sql, seq);
  return model ? model->sha256 : "";
}

/// It answers now, and looks on no more.
void serve(Transaction& transaction, const Actor& actor, const NewChange& change) {
  soci::session& sql = transaction.sql;
  const std::string instead_of = sha256_of(sql, newest(sql, serving).model), sha256 = sha256_of(sql, change.model);
  enter(transaction, actor, change);
  transaction.audit(change.kind == promoted ? "model.promote" : "model.rollback", sha256, {{"instead_of", instead_of}});
  if (newest(sql, shadow).model != change.model) return;
  enter(transaction, actor, {.part = shadow, .kind = "shadow_ended"});
  transaction.audit("model.shadow", "", {{"instead_of", sha256}});
}

}  // namespace

ModelParts model_parts(Database& database) {
  return database.connections().read([](soci::session& sql) {
    ModelParts parts;
    const Change now_serving = newest(sql, serving), now_shadow = newest(sql, shadow);
    parts.change = std::max(now_serving.seq, now_shadow.seq);
    if (now_serving.model != 0) parts.serving = with_seq(sql, now_serving.model);
    if (now_shadow.model != 0) parts.shadow = with_seq(sql, now_shadow.model);
    if (now_serving.before != 0)
      parts.before = with_seq(sql, change(sql, "part = :part AND seq = :seq", serving, now_serving.before).model);
    return parts;
  });
}

std::int64_t last_model_change(Database& database) {
  return database.connections().read([](soci::session& sql) {
    long long last = 0;
    sql << "SELECT COALESCE(MAX(seq), 0) FROM model_parts", soci::into(last);
    return std::int64_t{last};
  });
}

bool promote(Database& database, const Actor& actor, const std::string& sha256, const std::string& reason) {
  const std::string kept = checked(reason);
  return database.connections().write(actor, [&](Transaction& transaction) {
    const long long model = seq_of_model(transaction.sql, sha256);
    const Change now_serving = newest(transaction.sql, serving);
    if (now_serving.model == model) return false;
    serve(transaction, actor,
          {.part = serving, .kind = promoted, .model = model, .before = now_serving.seq, .reason = kept});
    return true;
  });
}

Model roll_back(Database& database, const Actor& actor, const std::string& reason) {
  const std::string kept = checked(reason);
  return database.connections().write(actor, [&](Transaction& transaction) {
    const Change now_serving = newest(transaction.sql, serving);
    if (now_serving.before == 0)
      throw InputError("no model answered before this one", "", "`naevus models promote` puts another in its place");
    const Change back = change(transaction.sql, "part = :part AND seq = :seq", serving, now_serving.before);
    serve(transaction, actor,
          {.part = serving, .kind = "rolled_back", .model = back.model, .before = back.before, .reason = kept});
    return with_seq(transaction.sql, back.model).value();
  });
}

bool set_shadow(Database& database, const Actor& actor, const std::optional<std::string>& sha256) {
  return database.connections().write(actor, [&](Transaction& transaction) {
    const long long model = sha256 ? seq_of_model(transaction.sql, *sha256) : 0;
    if (sha256 && newest(transaction.sql, serving).model == model)
      throw InputError("this model answers: it can't look on beside itself", *sha256, "name another");
    const Change now_shadow = newest(transaction.sql, shadow);
    if (now_shadow.model == model) return false;
    enter(transaction, actor, {.part = shadow, .kind = sha256 ? shadow : "shadow_ended", .model = model});
    transaction.audit("model.shadow", sha256.value_or(""),
                      {{"instead_of", sha256_of(transaction.sql, now_shadow.model)}});
    return true;
  });
}

void add_agreement(Database& database, const std::string& shadow_sha256, const Agreement& counted) {
  database.connections().write({"local"}, [&](Transaction& transaction) {
    soci::session& sql = transaction.sql;
    const long long shadow_seq = seq_of_model(sql, shadow_sha256),
                    served_seq = seq_of_model(sql, counted.served_sha256), pictures = counted.pictures,
                    same_class = counted.same_class, same_decision = counted.same_decision;
    sql << "INSERT INTO model_agreement (shadow, served, pictures, same_class, same_decision)"
           " VALUES (:shadow, :served, :pictures, :class, :decision) ON CONFLICT (shadow, served) DO UPDATE SET"
           " pictures = model_agreement.pictures + excluded.pictures,"
           " same_class = model_agreement.same_class + excluded.same_class,"
           " same_decision = model_agreement.same_decision + excluded.same_decision",
        soci::use(shadow_seq), soci::use(served_seq), soci::use(pictures), soci::use(same_class),
        soci::use(same_decision);
  });
}

std::vector<Agreement> agreements_of(Database& database, const std::string& shadow_sha256) {
  return database.connections().read([&](soci::session& sql) {
    std::vector<Agreement> agreements;
    const soci::rowset<soci::row> rows =
        (sql.prepare << "SELECT m.sha256 AS sha256, a.pictures AS pictures, a.same_class AS same_class,"
                        " a.same_decision AS same_decision FROM model_agreement a JOIN models m ON m.seq = a.served"
                        " JOIN models s ON s.seq = a.shadow WHERE s.sha256 = :sha256 ORDER BY m.seq",
         soci::use(shadow_sha256));
    for (const auto& row : rows)
      agreements.push_back({.served_sha256 = row.get<std::string>("sha256"),
                            .pictures = row.get<long long>("pictures"),
                            .same_class = row.get<long long>("same_class"),
                            .same_decision = row.get<long long>("same_decision")});
    return agreements;
  });
}

}  // namespace naevus::store
