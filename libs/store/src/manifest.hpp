#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace naevus::store {

/// manifest.json of a backup: what it is and the BLAKE2b-256 of every file.
struct Manifest {
  struct File {
    std::string path;  ///< in the backup's folder
    std::string hash;
  };
  std::vector<File> files;
  std::int64_t predictions = 0;
};

/// Whether it lies where a backup has its models.
bool is_model(const Manifest::File& file);

constexpr const char* database_name = "naevus.db";

void write_manifest(const std::filesystem::path& folder, const Manifest& manifest);

/// Reads it and holds every file to it.
/// @throws InputError if it is missing, or the backup is incomplete, damaged or of a newer naevus
Manifest read_manifest(const std::filesystem::path& folder);

}  // namespace naevus::store
