#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace naevus {

/// The whole file as bytes.
/// @throws IoError if it is missing, a folder, unreadable, or larger than `limit` bytes
std::vector<std::byte> read_file(const std::filesystem::path& path, std::uintmax_t limit = std::uintmax_t{4} << 30);

/// The whole file as text (bytes as they are).
/// @throws IoError as read_file
std::string read_text(const std::filesystem::path& path, std::uintmax_t limit = std::uintmax_t{1} << 30);

/// Writes a file whole: temporary file beside it, fsync, rename, fsync of the folder. Whatever goes wrong, the path
/// holds the old content or the new, never a part, and no temporary file is left behind by a failure that the process
/// survives. Missing parent folders are made.
/// @throws IoError with the system's reason (disk full, no permission)
void write_file(const std::filesystem::path& path, std::span<const std::byte> content);
void write_file(const std::filesystem::path& path, std::string_view content);

/// What was made, renamed or removed in the folder survives a crash of the machine from here on.
void sync_folder(const std::filesystem::path& folder);

/// Makes the folder and its parents; they survive a crash of the machine.
/// @throws IoError if it can't be made or a file stands in the way
void make_folder(const std::filesystem::path& path);

/// Where programs keep what they can make again: $XDG_CACHE_HOME/naevus, else ~/.cache/naevus; empty where neither is
/// known.
std::filesystem::path default_cache_folder();

/// Appends lines to a file that grows (a log, a history); each append is written with one call and flushed.
class AppendFile {
 public:
  /// @throws IoError if the file can't be opened
  explicit AppendFile(const std::filesystem::path& path);
  AppendFile(const AppendFile&) = delete;
  AppendFile& operator=(const AppendFile&) = delete;
  ~AppendFile();
  /// @throws IoError if not all of it could be written
  void append(std::span<const std::byte> content);
  void append(std::string_view content);

 private:
  std::filesystem::path path_;
  int descriptor_ = -1;
};

/// A new folder among the system's temporary files, gone with the object.
class TemporaryFolder {
 public:
  /// @throws IoError if none can be made
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();
  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

/// The bytes of a text.
inline std::span<const std::byte> as_bytes(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

}  // namespace naevus
