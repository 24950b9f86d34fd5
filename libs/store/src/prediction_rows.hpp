#pragma once
#include <soci/soci.h>

#include <map>
#include <string>

#include "naevus/store/predictions.hpp"

namespace naevus::store {

/// The columns of table `predictions p` that prediction_of reads.
const std::string& prediction_columns();

Prediction prediction_of(const soci::row& row);

/// The column `measures`, JSON; none where it is empty.
std::map<std::string, double> measures_of(const std::string& text);

std::optional<Prediction> find_prediction_in(soci::session& sql, const std::string& id);

/// Enters a prediction as it is, under no lesion.
void insert_prediction(soci::session& sql, long long seq, const Prediction& prediction);

inline long long milliseconds_of(Time time) {
  return time.time_since_epoch().count();
}
inline Time time_of(long long milliseconds) {
  return Time(std::chrono::milliseconds(milliseconds));
}

}  // namespace naevus::store
