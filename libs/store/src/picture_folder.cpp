#include "naevus/store/picture_folder.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <system_error>

#include "crypto.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"

namespace naevus::store {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t digits = 64;

bool is_hash(const std::string& text) {
  return text.size() == digits && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

std::optional<KeptPicture> file_of(const fs::path& file, const std::string& hash) {
  struct stat found{};
  if (stat(file.c_str(), &found) != 0 || !S_ISREG(found.st_mode)) return std::nullopt;
  return KeptPicture{
      .hash = hash, .inode = found.st_ino, .since_s = found.st_ctim.tv_sec, .since_ns = found.st_ctim.tv_nsec};
}

void visit_files(const fs::path& root, const std::function<void(const fs::directory_entry&)>& each) {
  std::error_code error;
  fs::recursive_directory_iterator entry(root, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    std::error_code gone;  // somebody else may have removed it
    if (entry->is_regular_file(gone)) each(*entry);
  }
  if (error && error != std::errc::no_such_file_or_directory)
    throw IoError("can't be listed: " + error.message(), root.string());
}

}  // namespace

PictureFolder::PictureFolder(const fs::path& folder) : root_(folder / "pictures") {}

fs::path PictureFolder::path(const std::string& hash) const {
  if (!is_hash(hash)) throw IoError("is not the name of a kept picture", hash);
  return root_ / hash.substr(0, 2) / hash.substr(2);
}

std::string PictureFolder::hash_of(std::span<const std::byte> content) {
  return blake2b(content);
}

KeptPicture PictureFolder::put(std::span<const std::byte> content) const {
  const std::string hash = hash_of(content);
  const fs::path file = path(hash);
  if (auto there = file_of(file, hash)) {
    sync_folder(file.parent_path());  // whoever wrote it may not have come to that yet
    return *std::move(there);
  }
  write_file(file, content);
  return file_of(file, hash).value_or(KeptPicture{.hash = hash});  // erased at once
}

bool PictureFolder::is_still(const KeptPicture& picture) const {
  const auto there = file_of(path(picture.hash), picture.hash);
  return there && there->inode == picture.inode && there->since_s == picture.since_s &&
         there->since_ns == picture.since_ns;
}

std::vector<std::byte> PictureFolder::read(const std::string& hash) const {
  auto content = read_file(path(hash));
  if (blake2b(content) != hash)
    throw IoError("is damaged: its content is not what was kept", path(hash).string(), "restore it from a backup");
  return content;
}

bool PictureFolder::has(const std::string& hash) const {
  std::error_code error;
  return fs::is_regular_file(path(hash), error);
}

void PictureFolder::erase(const std::string& hash) const {
  std::error_code error;
  fs::remove(path(hash), error);
  if (error) throw IoError("can't be removed: " + error.message(), path(hash).string());
}

void PictureFolder::visit(const std::function<void(const std::string&)>& each) const {
  visit_files(root_, [&](const fs::directory_entry& entry) {
    const std::string hash = entry.path().parent_path().filename().string() + entry.path().filename().string();
    if (is_hash(hash)) each(hash);
  });
}

void PictureFolder::remove_unfinished() const {
  const auto old = fs::file_time_type::clock::now() - std::chrono::hours(1);
  std::vector<fs::path> unfinished;
  visit_files(root_, [&](const fs::directory_entry& entry) {
    const auto& path = entry.path();
    std::error_code gone;
    const bool kept = is_hash(path.parent_path().filename().string() + path.filename().string());
    if (!kept && entry.last_write_time(gone) < old && !gone) unfinished.push_back(path);
  });
  for (const auto& path : unfinished) {
    std::error_code gone;
    fs::remove(path, gone);
  }
}

}  // namespace naevus::store
