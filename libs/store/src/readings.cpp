#include "naevus/store/readings.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "connections.hpp"
#include "prediction_rows.hpp"

namespace naevus::store {
namespace {

/// By picture, then by reader.
using Opinions = std::map<std::string, std::map<std::string, Opinion>>;

Opinions newest_opinions(soci::session& sql) {
  Opinions opinions;
  const soci::rowset<soci::row> rows =
      (sql.prepare << "SELECT p.picture, f.reader, f.label, f.histopathology, f.created_at FROM feedback f"
                      " JOIN predictions p ON p.id = f.prediction ORDER BY f.seq");
  for (const auto& row : rows) {
    const auto reader = row.get<std::string>("reader");
    opinions[row.get<std::string>("picture")][reader] = {.reader = reader,
                                                         .label = row.get<std::string>("label"),
                                                         .histopathology = row.get<long long>("histopathology") != 0,
                                                         .at = time_of(row.get<long long>("created_at"))};
  }
  return opinions;
}

std::vector<Opinion> said(const std::map<std::string, Opinion>& by_reader) {
  std::vector<Opinion> opinions;
  for (const auto& [reader, opinion] : by_reader)
    if (!opinion.label.empty()) opinions.push_back(opinion);
  std::stable_sort(opinions.begin(), opinions.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
  return opinions;
}

}  // namespace

std::vector<ReadPicture> read_pictures(Database& database) {
  return database.connections().read([](soci::session& sql) {
    const Opinions opinions = newest_opinions(sql);
    std::vector<ReadPicture> pictures;
    const soci::rowset<soci::row> rows =
        (sql.prepare << "SELECT " << prediction_columns()
                     << " FROM predictions p JOIN (SELECT MIN(q.seq) AS seq FROM predictions q WHERE q.picture IN"
                        " (SELECT r.picture FROM predictions r JOIN feedback f ON f.prediction = r.id)"
                        " GROUP BY q.picture) oldest ON oldest.seq = p.seq ORDER BY p.seq");
    for (const auto& row : rows) {
      ReadPicture picture{.first = prediction_of(row), .opinions = {}};
      picture.opinions = said(opinions.at(picture.first.picture));
      if (!picture.opinions.empty()) pictures.push_back(std::move(picture));
    }
    return pictures;
  });
}

}  // namespace naevus::store
