#include "table_copy.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <deque>
#include <vector>

#include "failure.hpp"
#include "naevus/base/error.hpp"

namespace naevus::store {
namespace {

constexpr int batch = 1000;  // rows that PostgreSQL sends at once

/// A value on its way from one database to the other.
struct Cell {
  std::string column;
  enum class Kind { integer, real, text } kind;
  long long integer = 0;
  double real = 0;
  std::string text;
  soci::indicator indicator = soci::i_null;

  template <typename Exchange>  // calls with the value of this column's kind
  void with_value(const Exchange& exchange) {
    if (kind == Kind::integer) exchange(integer);
    if (kind == Kind::real) exchange(real);
    if (kind == Kind::text) exchange(text);
  }
};

Cell::Kind kind_of(const std::string& type) {
  if (type == "BIGINT") return Cell::Kind::integer;
  return type == "DOUBLE PRECISION" ? Cell::Kind::real : Cell::Kind::text;
}

/// In the order in which they were made, so that what a row refers to is there before it. A session stays behind: one
/// that was ended since must not begin again with a backup.
std::vector<std::string> tables_of(soci::session& sqlite) {
  const soci::rowset<std::string> names =
      (sqlite.prepare << "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('naevus_schema',"
                         " 'sessions') ORDER BY rowid");
  return {names.begin(), names.end()};
}

std::deque<Cell> cells_of(soci::session& sqlite, const std::string& table) {
  std::deque<Cell> cells;
  std::string name, type;
  soci::statement statement = (sqlite.prepare << "SELECT name, type FROM pragma_table_info(:table) ORDER BY cid",
                               soci::use(table), soci::into(name), soci::into(type));
  statement.execute();
  while (statement.fetch()) cells.push_back({.column = name, .kind = kind_of(type)});
  return cells;
}

/// Calls `each` for every row, with the cells filled.
template <typename Each>
void for_each_row(soci::session& sql, Dialect dialect, const std::string& query, std::deque<Cell>& cells,
                  const Each& each) {
  const auto run = [&](const std::string& text) {
    soci::statement statement(sql);
    for (auto& cell : cells)
      cell.with_value([&](auto& value) { statement.exchange(soci::into(value, cell.indicator)); });
    statement.alloc();
    statement.prepare(text);
    statement.define_and_bind();
    statement.execute();
    int rows = 0;
    for (; statement.fetch(); ++rows) each();
    return rows;
  };
  if (dialect == Dialect::sqlite) {
    run(query);
    return;
  }
  sql << "DECLARE every_row NO SCROLL CURSOR FOR " << query;
  while (run(fmt::format("FETCH {} FROM every_row", batch)) > 0) {
  }
  sql << "CLOSE every_row";
}

/// Two tables have one row from the start, which gives way.
void clear(soci::session& sql, const std::string& table, const std::string& place) {
  long long rows = 0;
  sql << "SELECT COUNT(*) FROM " << table, soci::into(rows);
  if (rows == 0) return;
  if (table != "settings" && table != "audit_head")
    throw UsageError("is not empty", place, "a backup is restored where nothing is yet");
  sql << "DELETE FROM " << table;
}

void copy_table(soci::session& source, Dialect dialect, soci::session& target, const std::string& place,
                const std::string& table, std::deque<Cell>& cells) {
  std::vector<std::string> columns;
  for (const auto& cell : cells) columns.push_back(cell.column);
  const std::string names = fmt::format("{}", fmt::join(columns, ", "));
  const auto at_target = [&](const auto& work) {
    try {
      work();
    } catch (const soci::soci_error& error) {
      throw_failure(error, place);
    }
  };
  soci::statement insert(target);
  at_target([&] {
    clear(target, table, place);
    for (auto& cell : cells)
      cell.with_value([&](auto& value) { insert.exchange(soci::use(value, cell.indicator, cell.column)); });
    insert.alloc();
    insert.prepare(fmt::format("INSERT INTO {} ({}) VALUES (:{})", table, names, fmt::join(columns, ", :")));
    insert.define_and_bind();
  });
  for_each_row(source, dialect, fmt::format("SELECT {} FROM {}", names, table), cells,
               [&] { at_target([&] { insert.execute(true); }); });
}

}  // namespace

void copy_tables(Connections& source, Connections& target, const Actor& actor) {
  bool begun = false;
  target.write(actor, [&](Transaction& transaction) {
    source.read([&](soci::session& sql) {
      if (begun) throw IoError("the connection was lost amid the copy", source.place(), "begin again");
      begun = true;
      soci::session& sqlite = source.dialect() == Dialect::sqlite ? sql : transaction.sql;
      for (const auto& table : tables_of(sqlite)) {
        auto cells = cells_of(sqlite, table);
        copy_table(sql, source.dialect(), transaction.sql, target.place(), table, cells);
      }
    });
  });
}

}  // namespace naevus::store
