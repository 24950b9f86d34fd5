#pragma once
#include <filesystem>

#include "naevus/store/database.hpp"
#include "naevus/store/model_folder.hpp"
#include "naevus/store/models.hpp"
#include "naevus/store/types.hpp"

namespace naevus::registry {

/// Keeps a model file in the data folder and enters it under the name on its card, with the next version of that name.
/// A file that is there already stays as it is. It neither answers nor looks on by that: store::promote,
/// store::set_shadow.
/// @param lineage  what is said of it beside its file: origin, parent, data, pictures, note; name, version and sha256
///                 are not looked at
/// @return as kept
/// @throws IoError if it can't be read or kept; InputError if it is not ours (with the command that adopts it) or its
///         card names what this program does not know
store::Model add_model(store::Database& database, const store::ModelFolder& models, const store::Actor& actor,
                       const std::filesystem::path& file, store::Model lineage = {});

}  // namespace naevus::registry
