#pragma once
#include <cstddef>
#include <filesystem>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "naevus/base/file.hpp"
#include "naevus/base/file_lock.hpp"

namespace naevus::clean {

/// Results by key in a file that grows by one record at a time, so that work which was stopped at any moment, even by
/// SIGKILL, is taken up where it stood. A record that was torn or damaged is not there, and neither is what follows it.
/// Thread-safe.
class Journal {
 public:
  /// Opens the file or begins it; one of another version is begun anew.
  /// @param version  what the records mean: another layout, another version
  /// @throws IoError if it can't be written, or another process writes it
  Journal(const std::filesystem::path& path, std::string_view version);
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  /// Records that were read at the start.
  std::size_t size() const { return records_.size(); }
  /// The record, which is then forgotten here.
  std::optional<std::vector<std::byte>> take(const std::string& key);
  /// @throws IoError
  void add(const std::string& key, std::span<const std::byte> record);

 private:
  std::mutex mutex_;
  FileLock lock_;
  std::unordered_map<std::string, std::vector<std::byte>> records_;
  std::optional<AppendFile> file_;
};

}  // namespace naevus::clean
