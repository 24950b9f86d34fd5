#include <deque>
#include <variant>

#include "connections.hpp"
#include "cursor.hpp"
#include "naevus/base/error.hpp"
#include "naevus/store/predictions.hpp"
#include "prediction_rows.hpp"

namespace naevus::store {
namespace {

constexpr std::size_t most = 1000;

/// The conditions of a query and the values that they name, which have to outlive it.
class Conditions {
 public:
  void add(const std::string& condition, const std::string& value, const std::string& end = {}) {
    if (value.empty()) return;
    add_value(condition, value);
    text_ += end;
  }
  void add(const std::string& condition, const std::optional<Time>& value) {
    if (value) add_value(condition, milliseconds_of(*value));
  }
  void add(const std::string& condition, const std::optional<long long>& value) {
    if (value) add_value(condition, *value);
  }

  std::string where() const { return text_; }

  void bind(soci::statement& statement) const {
    for (const auto& value : values_)
      std::visit([&](const auto& known) { statement.exchange(soci::use(known)); }, value);
  }

 private:
  template <typename Value>
  void add_value(const std::string& condition, Value value) {
    text_ += (values_.empty() ? " WHERE p." : " AND p.") + condition + " :v" + std::to_string(values_.size());
    values_.emplace_back(std::move(value));
  }

  std::string text_;
  std::deque<std::variant<std::string, long long>> values_;
};

Conditions conditions_of(const HistoryFilter& filter, const std::string& cursor) {
  Conditions conditions;
  conditions.add("seq <", std::optional(begin_of_page(cursor, "the history")));
  conditions.add("created_at >=", filter.from);
  conditions.add("created_at <", filter.until);
  conditions.add("model =", filter.model);
  conditions.add("predicted_class =", filter.predicted_class);
  conditions.add("decision =", filter.decision);
  conditions.add("patient_key =", filter.patient_key);
  conditions.add("id IN (SELECT f.prediction FROM lesion_predictions f WHERE f.lesion =", filter.lesion, ")");
  conditions.add("source =", filter.source);
  conditions.add("actor =", filter.actor);
  return conditions;
}

}  // namespace

HistoryPage history(Database& database, const HistoryFilter& filter, std::size_t limit, const std::string& cursor) {
  if (limit < 1 || limit > most) throw InputError("a page of the history has 1 to 1000 predictions", "limit");
  const Conditions conditions = conditions_of(filter, cursor);
  return database.connections().read([&](soci::session& sql) {
    soci::row row;
    soci::statement statement(sql);
    conditions.bind(statement);
    statement.exchange(soci::into(row));
    statement.alloc();
    statement.prepare("SELECT " + prediction_columns() + " FROM predictions p" + conditions.where() +
                      " ORDER BY p.seq DESC LIMIT " + std::to_string(limit + 1));  // one more: is there a next page?
    statement.define_and_bind();
    statement.execute();
    HistoryPage page;
    long long last = 0;
    while (statement.fetch()) {
      if (page.predictions.size() == limit) {
        page.next = std::to_string(last);
        break;
      }
      last = row.get<long long>("seq");
      page.predictions.push_back(prediction_of(row));
    }
    return page;
  });
}

}  // namespace naevus::store
