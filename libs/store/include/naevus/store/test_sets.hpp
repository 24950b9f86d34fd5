#pragma once
#include <cstdint>
#include <string>

#include "naevus/store/database.hpp"
#include "naevus/store/types.hpp"

namespace naevus::store {

/// Counts that a frozen test set was looked at once more to decide on a model: the more often, the less its figures say
/// of new pictures. It is entered in the audit log.
/// @param hash  of the set: what tells it from others
/// @return how often by now
std::int64_t count_test_reading(Database& database, const Actor& actor, const std::string& hash);

}  // namespace naevus::store
