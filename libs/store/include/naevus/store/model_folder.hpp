#pragma once
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace naevus::store {

/// Model files as they were entered, each under the SHA-256 of its bytes: FOLDER/models/<sha256>.onnx
/// May be used from any number of threads and processes.
class ModelFolder {
 public:
  /// @param folder  the data folder; made when the first model comes
  explicit ModelFolder(const std::filesystem::path& folder);

  /// Keeps a model file, written whole.
  /// @return its SHA-256, 64 hexadecimal digits
  /// @throws IoError if it can't be written
  std::string put(std::span<const std::byte> content) const;

  /// @throws IoError if there is no such model, or its bytes are no longer those that were put
  std::vector<std::byte> read(const std::string& hash) const;

  /// Where it lies, for what reads a model by its path; held to its hash as by read().
  /// @throws IoError as read
  std::filesystem::path file(const std::string& hash) const;

  /// Where it would lie.
  /// @throws IoError if that is no SHA-256
  std::filesystem::path path(const std::string& hash) const;

 private:
  std::filesystem::path root_;
};

}  // namespace naevus::store
