#pragma once
#include <string>
#include <vector>

#include "connections.hpp"
#include "naevus/store/predictions.hpp"

namespace naevus::store {

/// The models that learned from that picture, in the order in which they were entered.
std::vector<ModelVersion> trained_on(soci::session& sql, const std::string& picture);

}  // namespace naevus::store
