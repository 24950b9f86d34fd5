#include "connections.hpp"
#include "cursor.hpp"
#include "model_rows.hpp"
#include "naevus/store/models.hpp"
#include "prediction_rows.hpp"

namespace naevus::store {

ModelHistory model_history(Database& database, std::size_t limit, const std::string& cursor) {
  const long long before = begin_of_page(cursor, "the models' history"), wanted = static_cast<long long>(limit) + 1;
  return database.connections().read([&](soci::session& sql) {
    ModelHistory history;
    long long last = 0;
    // The row that ends a shadow names no model: the one before it does.
    const soci::rowset<soci::row> rows =
        (sql.prepare << "SELECT c.seq AS change_seq, c.at AS change_at, c.actor AS actor, c.kind AS kind,"
                        " c.reason AS reason, "
                     << model_columns
                     << "FROM model_parts c JOIN models m ON m.seq = COALESCE(c.model, (SELECT s.model FROM"
                        " model_parts s WHERE s.part = c.part AND s.seq < c.seq ORDER BY s.seq DESC LIMIT 1))"
                        " WHERE c.seq < :before ORDER BY c.seq DESC LIMIT :wanted",
         soci::use(before), soci::use(wanted));
    for (const auto& row : rows) {
      if (history.changes.size() == limit) {
        history.next = std::to_string(last);
        break;
      }
      last = row.get<long long>("change_seq");
      history.changes.push_back({.at = time_of(row.get<long long>("change_at")),
                                 .actor = row.get<std::string>("actor"),
                                 .kind = row.get<std::string>("kind"),
                                 .model = model_of(row),
                                 .reason = row.get<std::string>("reason")});
    }
    return history;
  });
}

}  // namespace naevus::store
