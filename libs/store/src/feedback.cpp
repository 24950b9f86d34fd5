#include "naevus/store/feedback.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "connections.hpp"
#include "crypto.hpp"
#include "naevus/base/error.hpp"
#include "picture_use.hpp"
#include "prediction_rows.hpp"
#include "text_check.hpp"

namespace naevus::store {
namespace {

constexpr std::array<std::string_view, 3> verdicts{"agrees", "corrects", "unsure"};

void check(const Feedback& feedback, const Prediction& prediction) {
  if (feedback.histopathology && feedback.verdict == Verdict::unsure)
    throw InputError("histopathology confirms a class, and none is named", "histopathology");
  if (feedback.verdict != Verdict::corrects) return;
  const auto& classes = prediction.classes;
  if (std::find(classes.begin(), classes.end(), feedback.label) == classes.end())
    throw InputError("'" + feedback.label + "' is not one of the model's classes", "label");
  if (feedback.label == prediction.predicted_class())
    throw InputError("'" + feedback.label + "' is what the model said", "label", "agree instead");
}

void insert(Transaction& transaction, const Feedback& feedback) {
  const long long seq = transaction.next("feedback"), created_at = milliseconds_of(feedback.created_at),
                  histopathology = feedback.histopathology ? 1 : 0;
  const std::string verdict(name(feedback.verdict));
  transaction.sql << "INSERT INTO feedback (seq, id, created_at, reader, prediction, verdict, label, histopathology,"
                     " comment) VALUES (:seq, :id, :created_at, :reader, :prediction, :verdict, :label,"
                     " :histopathology, :comment)",
      soci::use(seq), soci::use(feedback.id), soci::use(created_at), soci::use(feedback.reader),
      soci::use(feedback.prediction), soci::use(verdict), soci::use(feedback.label), soci::use(histopathology),
      soci::use(feedback.comment);
  transaction.audit("feedback.add", feedback.id,
                    {{"prediction", feedback.prediction},
                     {"verdict", verdict},
                     {"label", feedback.label},
                     {"histopathology", feedback.histopathology}});
}

Feedback feedback_of_row(const soci::row& row) {
  return {.id = row.get<std::string>("id"),
          .created_at = time_of(row.get<long long>("created_at")),
          .reader = row.get<std::string>("reader"),
          .prediction = row.get<std::string>("prediction"),
          .verdict = parse_verdict(row.get<std::string>("verdict")),
          .label = row.get<std::string>("label"),
          .histopathology = row.get<long long>("histopathology") != 0,
          .comment = row.get<std::string>("comment")};
}

std::vector<Feedback> said_of(soci::session& sql, const std::string& prediction) {
  std::vector<Feedback> all;
  const soci::rowset<soci::row> rows =
      (sql.prepare << "SELECT id, created_at, reader, prediction, verdict, label, histopathology, comment"
                      " FROM feedback WHERE prediction = :prediction ORDER BY seq",
       soci::use(prediction));
  for (const auto& row : rows) all.push_back(feedback_of_row(row));
  std::set<std::string> seen;
  for (auto each = all.rbegin(); each != all.rend(); ++each) each->superseded = !seen.insert(each->reader).second;
  return all;
}

void remove(Transaction& transaction, const Feedback& feedback) {
  transaction.sql << "DELETE FROM feedback WHERE id = :id", soci::use(feedback.id);
  transaction.audit("feedback.take_back", feedback.id,
                    {{"prediction", feedback.prediction},
                     {"verdict", name(feedback.verdict)},
                     {"label", feedback.label},
                     {"histopathology", feedback.histopathology}});
}

}  // namespace

std::string_view name(Verdict verdict) {
  return verdicts.at(static_cast<std::size_t>(verdict));
}

Verdict parse_verdict(const std::string& text) {
  const auto* const found = std::find(verdicts.begin(), verdicts.end(), text);
  if (found == verdicts.end())
    throw InputError("'" + text + "' is not a verdict", "verdict", "write agrees, corrects or unsure");
  return static_cast<Verdict>(found - verdicts.begin());
}

std::optional<Feedback> add_feedback(Database& database, const Actor& actor, Feedback feedback) {
  check_text(feedback.comment, "comment", 10'000);
  feedback.id = random_hex(16);
  feedback.created_at = now();
  feedback.reader = actor.id;
  feedback.superseded = false;
  return database.connections().write(actor, [&](Transaction& transaction) -> std::optional<Feedback> {
    soci::row row;
    transaction.sql << "SELECT " << prediction_columns() << " FROM predictions p WHERE p.id = :id",
        soci::use(feedback.prediction), soci::into(row);
    if (!transaction.sql.got_data()) return std::nullopt;
    const Prediction prediction = prediction_of(row);
    check(feedback, prediction);
    if (feedback.verdict == Verdict::agrees) feedback.label = prediction.predicted_class();
    if (feedback.verdict == Verdict::unsure) feedback.label.clear();
    insert(transaction, feedback);
    return feedback;
  });
}

TakenBack take_back_feedback(Database& database, const Actor& actor, const std::string& prediction,
                             const std::string& id) {
  return database.connections().write(actor, [&](Transaction& transaction) -> TakenBack {
    const auto all = said_of(transaction.sql, prediction);
    const auto found = std::ranges::find(all, id, &Feedback::id);
    if (found == all.end()) return {.outcome = TakingBack::no_such_feedback};
    if (found->reader != actor.id) return {.outcome = TakingBack::another_readers};
    if (found->superseded) return {.outcome = TakingBack::superseded};
    remove(transaction, *found);
    TakenBack result{.outcome = TakingBack::done};
    for (const Feedback& before : said_of(transaction.sql, prediction))
      if (before.reader == actor.id && !before.superseded) result.counts_again = before;
    std::string picture;
    transaction.sql << "SELECT picture FROM predictions WHERE id = :id", soci::use(prediction), soci::into(picture);
    result.trained_on = trained_on(transaction.sql, picture);
    return result;
  });
}

std::vector<Feedback> feedback_of(Database& database, const std::string& prediction) {
  return database.connections().read([&](soci::session& sql) { return said_of(sql, prediction); });
}

}  // namespace naevus::store
