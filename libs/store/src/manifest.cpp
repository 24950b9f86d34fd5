#include "manifest.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <system_error>

#include "crypto.hpp"
#include "migrations.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/store/model_folder.hpp"
#include "naevus/store/picture_folder.hpp"
#include "naevus/store/types.hpp"

namespace naevus::store {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr int newest_format = 1;

[[noreturn]] void refuse(const std::string& problem, const fs::path& where) {
  throw InputError(problem, where.string(), "take another backup");
}

json parse(const fs::path& folder) {
  const fs::path path = folder / "manifest.json";
  std::error_code error;
  if (!fs::exists(path, error)) refuse("is no complete backup: it has no manifest.json", folder);
  auto content = json::parse(read_text(path), nullptr, false);
  if (content.is_discarded()) refuse("is not JSON", path);
  return content;
}

void check_version(const json& content, const fs::path& folder) {
  const auto schema = content.at("schema").get<std::size_t>();
  if (content.at("format").get<int>() <= newest_format && schema <= newest_schema()) return;
  const auto program = content.at("naevus").get<std::string>();
  throw InputError(fmt::format("was written by naevus {} (schema {}); this is naevus {} (schema {})", program, schema,
                               NAEVUS_VERSION, newest_schema()),
                   folder.string(), fmt::format("use naevus {} or later", program));
}

/// models/<sha256>.onnx, and nothing else below that folder.
bool has_model_name(const std::string& path) {
  const std::string stem = fs::path(path).stem().string();
  try {
    return ModelFolder({}).path(stem) == fs::path(path);
  } catch (const IoError&) {
    return false;
  }
}

/// Nothing but the database, and pictures and models under their own hashes is taken.
void check_file(const fs::path& folder, const Manifest::File& file) {
  const bool known = file.path == database_name || has_model_name(file.path) ||
                     PictureFolder({}).path(file.hash) == fs::path(file.path);
  if (!known) refuse(fmt::format("names '{}', which is no file of a backup", file.path), folder / "manifest.json");
  const fs::path path = folder / file.path;
  std::error_code error;
  if (!fs::is_regular_file(path, error)) refuse("is missing from the backup", path);
  if (blake2b_of_file(path) != file.hash) refuse("is damaged: it is not what was backed up", path);
}

}  // namespace

bool is_model(const Manifest::File& file) {
  return has_model_name(file.path);
}

void write_manifest(const fs::path& folder, const Manifest& manifest) {
  auto files = json::array();
  for (const auto& file : manifest.files) files.push_back({{"path", file.path}, {"blake2b", file.hash}});
  const json content{{"format", newest_format},   {"naevus", NAEVUS_VERSION},  {"schema", newest_schema()},
                     {"made_at", as_text(now())}, {"files", std::move(files)}, {"predictions", manifest.predictions}};
  write_file(folder / "manifest.json", content.dump(1) + "\n");
}

Manifest read_manifest(const fs::path& folder) {
  const json content = parse(folder);
  Manifest manifest;
  try {
    check_version(content, folder);
    manifest.predictions = content.at("predictions").get<std::int64_t>();
    for (const auto& file : content.at("files"))
      manifest.files.push_back({file.at("path").get<std::string>(), file.at("blake2b").get<std::string>()});
  } catch (const json::exception&) {
    refuse("is not as a backup has it", folder / "manifest.json");
  }
  bool has_database = false;
  for (const auto& file : manifest.files) {
    check_file(folder, file);
    has_database = has_database || file.path == database_name;
  }
  if (!has_database) refuse("names no database", folder / "manifest.json");
  return manifest;
}

}  // namespace naevus::store
