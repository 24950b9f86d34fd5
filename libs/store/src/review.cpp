#include "naevus/store/review.hpp"

#include <string>

#include "connections.hpp"
#include "prediction_rows.hpp"

namespace naevus::store {
namespace {

/// The labels that readers give by now; and what none of them has settled: since which reading, how many labels it
/// has, and the label, empty where there are several.
const std::string readings =
    "WITH newest AS (SELECT f.seq, f.prediction, f.label, f.histopathology FROM feedback f WHERE f.label <> ''"
    " AND NOT EXISTS (SELECT 1 FROM feedback g WHERE g.prediction = f.prediction AND g.reader = f.reader"
    " AND g.seq > f.seq)),"
    " unsettled AS (SELECT n.prediction, MIN(n.seq) AS since, COUNT(DISTINCT n.label) AS labels,"
    " CASE WHEN COUNT(DISTINCT n.label) = 1 THEN MIN(n.label) ELSE '' END AS label FROM newest n GROUP BY n.prediction"
    " HAVING MAX(n.histopathology) = 0 AND (COUNT(*) = 1 OR COUNT(DISTINCT n.label) > 1)) ";

const std::string not_read = " NOT EXISTS (SELECT 1 FROM feedback h WHERE h.prediction = p.id AND h.reader = :reader) ";

const std::string second = " FROM predictions p JOIN unsettled u ON u.prediction = p.id WHERE" + not_read;
const std::string disputed = second + "AND u.label <> p.predicted_class ";

void append_read(ReviewQueue& queue, soci::session& sql, const std::string& which, const std::string& order,
                 const std::string& reader, std::size_t limit) {
  const auto wanted = static_cast<long long>(limit);
  const soci::rowset<soci::row> rows = (sql.prepare << readings << "SELECT " << prediction_columns()
                                                    << ", u.label, CAST(COUNT(*) OVER () AS TEXT) AS waiting" << which
                                                    << "ORDER BY " << order << " LIMIT :limit",
                                        soci::use(reader), soci::use(wanted));
  for (const auto& row : rows) {
    Prediction prediction = prediction_of(row);
    const bool disagreement = row.get<std::string>("label") != prediction.predicted_class();
    queue.head.push_back({.prediction = std::move(prediction), .disagreement = disagreement});
    queue.waiting = std::stoul(row.get<std::string>("waiting"));
  }
}

void append_unread(ReviewQueue& queue, soci::session& sql, const std::string& reader, std::size_t limit) {
  const auto wanted = static_cast<long long>(limit - queue.head.size());
  const soci::rowset<soci::row> rows =
      (sql.prepare << readings << "SELECT " << prediction_columns()
                   << " FROM predictions p WHERE NOT EXISTS (SELECT 1 FROM newest n WHERE n.prediction = p.id) AND"
                   << not_read << "ORDER BY p.uncertainty DESC, p.seq LIMIT :limit",
       soci::use(reader), soci::use(wanted));
  for (const auto& row : rows) queue.head.push_back({.prediction = prediction_of(row)});
  // By the readings, which are few beside the predictions.
  long long all = 0, read = 0;
  sql << "SELECT COUNT(*) FROM predictions", soci::into(all);
  sql << "SELECT COUNT(DISTINCT f.prediction) FROM feedback f WHERE f.reader = :reader OR (f.label <> '' AND NOT EXISTS"
         " (SELECT 1 FROM feedback g WHERE g.prediction = f.prediction AND g.reader = f.reader AND g.seq > f.seq))",
      soci::use(reader), soci::into(read);
  queue.waiting += static_cast<std::size_t>(all - read);
}

}  // namespace

ReviewQueue review_queue(Database& database, const Actor& actor, Queue queue, std::size_t limit) {
  return database.connections().read([&](soci::session& sql) {
    ReviewQueue result;
    if (queue == Queue::second) {
      append_read(result, sql, second, "u.since", actor.id, limit);
    } else {
      append_read(result, sql, disputed, "u.labels DESC, p.seq", actor.id, limit);
      append_unread(result, sql, actor.id, limit);
    }
    return result;
  });
}

}  // namespace naevus::store
