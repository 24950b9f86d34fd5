#pragma once
#include <string>
#include <vector>

#include "connections.hpp"
#include "naevus/store/predictions.hpp"

namespace naevus::store {

/// Removes a picture that no prediction has. None with it can be added meanwhile.
/// @return whether no prediction has it
bool remove_unreferenced(Connections& connections, const PictureFolder& pictures, const Actor& actor,
                         const std::string& picture);

/// The models that learned from that picture, in the order in which they were entered.
std::vector<ModelVersion> trained_on(soci::session& sql, const std::string& picture);

}  // namespace naevus::store
