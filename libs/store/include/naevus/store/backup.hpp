#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>

#include "naevus/store/database.hpp"
#include "naevus/store/model_folder.hpp"
#include "naevus/store/picture_folder.hpp"
#include "naevus/store/types.hpp"

namespace naevus::store {

struct BackupSummary {
  std::int64_t predictions = 0;
  std::size_t pictures = 0, models = 0;  ///< files
};

/// Writes a consistent copy of the database and of all its pictures and models, while others go on writing: naevus.db
/// (SQLite, whichever database it comes from), pictures/, models/ and manifest.json with the BLAKE2b-256 of every file.
/// The folder appears whole or not at all.
/// @throws UsageError if something is in the folder already
/// @throws IoError if it can't be written, or a picture or model is missing or damaged
BackupSummary back_up(Database& database, const PictureFolder& pictures, const ModelFolder& models, const Actor& actor,
                      const std::filesystem::path& folder);

/// Puts a backup where nothing is yet: into either kind of database, whichever the backup was made of. Every file is
/// held to the manifest first. The database comes last: of a restore that was cut off there is none.
/// @throws InputError if the backup is incomplete, damaged or of a newer naevus
/// @throws UsageError if the folder or database is not empty
BackupSummary restore(const std::filesystem::path& backup, const Actor& actor, const Location& location);

}  // namespace naevus::store
