#pragma once
#include <string>
#include <vector>

#include "naevus/store/database.hpp"
#include "naevus/store/types.hpp"

namespace naevus::store {

/// A model file that has served or was trained here.
struct Model {
  std::string name, version;
  std::string sha256;                 ///< of the file, 64 hexadecimal digits
  std::string parent_sha256;          ///< of the model that it was trained from; may be empty
  std::string data_hash;              ///< of its training manifest; may be empty
  std::vector<std::string> pictures;  ///< PictureFolder's hashes of those kept pictures that it learned from
};

/// Enters a model; one with this name and version that is there already stays as it is.
/// @throws InputError if another file has this name and version
void add_model(Database& database, const Actor& actor, const Model& model);

}  // namespace naevus::store
