#include "naevus/store/backup.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <system_error>

#include "connections.hpp"
#include "crypto.hpp"
#include "manifest.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "table_copy.hpp"

namespace naevus::store {
namespace {

namespace fs = std::filesystem;

void need_empty(const fs::path& folder, const std::string& advice) {
  std::error_code error;
  if (fs::exists(folder, error) && !(fs::is_directory(folder, error) && fs::is_empty(folder, error)))
    throw UsageError("is not an empty folder", folder.string(), advice);
}

/// A folder that goes, with all that is in it, unless it is kept.
class Unfinished {
 public:
  explicit Unfinished(fs::path path) : path_(std::move(path)) {}
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;
  ~Unfinished() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  void keep() { path_.clear(); }

 private:
  fs::path path_;
};

void move(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::rename(from, to, error);
  if (error) throw IoError("can't be put in its place: " + error.message(), to.string());
  sync_folder(fs::absolute(to).parent_path());
}

std::vector<std::string> pictures_of(Connections& connections) {
  return connections.read([](soci::session& sql) {
    const soci::rowset<std::string> names =
        (sql.prepare << "SELECT DISTINCT picture FROM predictions ORDER BY picture");
    return std::vector<std::string>(names.begin(), names.end());
  });
}

std::vector<std::string> models_of(Connections& connections) {
  return connections.read([](soci::session& sql) {
    const soci::rowset<std::string> hashes = (sql.prepare << "SELECT sha256 FROM models ORDER BY sha256");
    return std::vector<std::string>(hashes.begin(), hashes.end());
  });
}

std::int64_t count_with(Connections& connections, const std::string& picture) {
  return connections.read([&](soci::session& sql) {
    long long count = 0;
    sql << "SELECT COUNT(*) FROM predictions WHERE picture = :picture", soci::use(picture), soci::into(count);
    return std::int64_t{count};
  });
}

/// A picture that was erased since the tables were copied: what the copy has of it goes too.
void forget(Connections& copy, const Actor& actor, const std::string& picture) {
  copy.write(actor, [&](Transaction& transaction) {
    transaction.sql << "DELETE FROM predictions WHERE picture = :picture", soci::use(picture);
  });
}

/// Copies the database, its pictures and its models into an empty folder.
Manifest fill(Connections& source, const PictureFolder& pictures, const ModelFolder& models, const Actor& actor,
              const fs::path& folder) {
  Manifest manifest;
  {
    Connections copy({.folder = folder}, {.sessions = 1});
    copy_tables(source, copy, actor);
    const PictureFolder kept(folder);
    for (const auto& picture : pictures_of(copy)) {
      try {
        kept.put(pictures.read(picture));
        manifest.files.push_back({fs::relative(kept.path(picture), folder).string(), picture});
      } catch (const IoError&) {
        if (pictures.has(picture) || count_with(source, picture) != 0) throw;
        forget(copy, actor, picture);
      }
    }
    const ModelFolder kept_models(folder);
    for (const auto& model : models_of(copy)) {
      const auto content = models.read(model);
      kept_models.put(content);
      manifest.files.push_back({fs::relative(kept_models.path(model), folder).string(), blake2b(content)});
    }
    manifest.predictions = copy.read([](soci::session& sql) {
      long long count = 0;
      sql << "SELECT COUNT(*) FROM predictions", soci::into(count);
      return std::int64_t{count};
    });
  }  // SQLite moves its log into the file when the last connection is closed
  manifest.files.push_back({database_name, blake2b_of_file(folder / database_name)});
  return manifest;
}

BackupSummary summary_of(const Manifest& manifest) {
  const auto models = static_cast<std::size_t>(
      std::count_if(manifest.files.begin(), manifest.files.end(), [](const auto& file) { return is_model(file); }));
  return {.predictions = manifest.predictions, .pictures = manifest.files.size() - 1 - models, .models = models};
}

void note(Connections& connections, const Actor& actor, const std::string& action, const BackupSummary& summary) {
  connections.write(actor, [&](Transaction& transaction) {
    transaction.audit(action, "database",
                      {{"predictions", summary.predictions},
                       {"pictures", static_cast<std::int64_t>(summary.pictures)},
                       {"models", static_cast<std::int64_t>(summary.models)}});
  });
}

}  // namespace

BackupSummary back_up(Database& database, const PictureFolder& pictures, const ModelFolder& models, const Actor& actor,
                      const fs::path& folder) {
  need_empty(folder, "name a new one for the backup");
  const fs::path whole = folder.has_filename() ? folder : folder.parent_path();
  fs::path partial = whole;
  partial += ".partial-" + random_hex(4);
  Unfinished unfinished(partial);
  const Manifest manifest = fill(database.connections(), pictures, models, actor, partial);
  write_manifest(partial, manifest);
  move(partial, whole);
  unfinished.keep();
  const BackupSummary summary = summary_of(manifest);
  note(database.connections(), actor, "backup", summary);
  return summary;
}

BackupSummary restore(const fs::path& backup, const Actor& actor, const Location& location) {
  const Manifest manifest = read_manifest(backup);
  need_empty(location.folder, "a backup is restored where nothing is yet");
  const BackupSummary summary = summary_of(manifest);
  const fs::path work = location.folder / "restoring";
  make_folder(work);
  const Unfinished unfinished(work);
  Unfinished kept_pictures(location.folder / "pictures"), kept_models(location.folder / "models");
  const PictureFolder pictures(location.folder);
  const ModelFolder models(location.folder);
  for (const auto& file : manifest.files) {
    if (file.path == database_name) continue;
    const auto content = read_file(backup / file.path);
    if (is_model(file))
      models.put(content);
    else
      pictures.put(content);
  }

  std::error_code error;
  fs::copy_file(backup / database_name, work / database_name, error);
  if (error) throw IoError("can't be written: " + error.message(), (work / database_name).string());
  {
    Connections copy({.folder = work}, {.sessions = 1});  // brings an older backup to this program's schema
    if (location.url.empty()) {
      note(copy, actor, "restore", summary);
    } else {
      Connections target(location, {.sessions = 1});
      copy_tables(copy, target, actor);
      note(target, actor, "restore", summary);
    }
  }
  if (location.url.empty()) move(work / database_name, location.folder / database_name);
  kept_pictures.keep();
  kept_models.keep();
  return summary;
}

}  // namespace naevus::store
