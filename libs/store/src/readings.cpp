#include "naevus/store/readings.hpp"

#include <cstddef>
#include <map>
#include <utility>

#include "connections.hpp"
#include "prediction_rows.hpp"

namespace naevus::store {
namespace {

/// An opinion with its place among all; two may be of one millisecond.
struct Said {
  std::size_t place = 0;
  Opinion opinion;
};
/// By picture, then by reader.
using Opinions = std::map<std::string, std::map<std::string, Said>>;

Opinions newest_opinions(soci::session& sql) {
  Opinions opinions;
  const soci::rowset<soci::row> rows =
      (sql.prepare << "SELECT p.picture, f.reader, f.label, f.histopathology, f.created_at FROM feedback f"
                      " JOIN predictions p ON p.id = f.prediction ORDER BY f.seq");
  std::size_t place = 0;
  for (const auto& row : rows) {
    const auto reader = row.get<std::string>("reader");
    opinions[row.get<std::string>("picture")][reader] = {
        .place = place++,
        .opinion = {.reader = reader,
                    .label = row.get<std::string>("label"),
                    .histopathology = row.get<long long>("histopathology") != 0,
                    .at = time_of(row.get<long long>("created_at"))}};
  }
  return opinions;
}

std::vector<Opinion> in_order(const std::map<std::string, Said>& by_reader) {
  std::map<std::size_t, Opinion> by_place;
  for (const auto& [reader, said] : by_reader)
    if (!said.opinion.label.empty()) by_place[said.place] = said.opinion;
  std::vector<Opinion> opinions;
  opinions.reserve(by_place.size());
  for (auto& [place, opinion] : by_place) opinions.push_back(std::move(opinion));
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
      picture.opinions = in_order(opinions.at(picture.first.picture));
      if (!picture.opinions.empty()) pictures.push_back(std::move(picture));
    }
    return pictures;
  });
}

std::vector<Reading> newest_readings(Database& database, Time since, std::size_t most) {
  const long long at = milliseconds_of(since);
  const auto limit = static_cast<long long>(most);
  return database.connections().read([&](soci::session& sql) {
    std::vector<Reading> readings;
    const soci::rowset<soci::row> rows =
        (sql.prepare << "SELECT f.prediction, f.reader, f.label, p.predicted_class FROM feedback f"
                        " JOIN predictions p ON p.id = f.prediction WHERE f.label <> '' AND f.created_at >= :since"
                        " AND NOT EXISTS (SELECT 1 FROM feedback g WHERE g.prediction = f.prediction"
                        " AND g.reader = f.reader AND g.seq > f.seq) ORDER BY f.seq DESC LIMIT :most",
         soci::use(at), soci::use(limit));
    for (const auto& row : rows)
      readings.push_back({.prediction = row.get<std::string>("prediction"),
                          .reader = row.get<std::string>("reader"),
                          .label = row.get<std::string>("label"),
                          .predicted_class = row.get<std::string>("predicted_class")});
    return readings;
  });
}

std::set<std::string> learned_pictures(Database& database, const std::string& model_sha256) {
  return database.connections().read([&](soci::session& sql) {
    const soci::rowset<std::string> rows = (sql.prepare << "SELECT mp.picture FROM model_pictures mp JOIN models m"
                                                           " ON m.seq = mp.model WHERE m.sha256 = :sha256",
                                            soci::use(model_sha256));
    return std::set<std::string>(rows.begin(), rows.end());
  });
}

}  // namespace naevus::store
