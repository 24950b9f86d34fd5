#pragma once
#include "connections.hpp"
#include "naevus/store/patients.hpp"

namespace naevus::store {

/// Of the lesion that the prediction names, if it names one: its patient and its site where the prediction has none.
/// @throws InputError if the lesion is not there, or is another patient's
void take_from_lesion(soci::session& sql, Prediction& prediction);

/// Files it under the lesion that it names, or under none.
void file_under_lesion(soci::session& sql, const Prediction& prediction);

}  // namespace naevus::store
