#pragma once
#include <filesystem>
#include <optional>

namespace naevus {

/// A file that one process at a time holds, until the object or the process is gone.
class FileLock {
 public:
  /// @return nothing where another process holds it
  /// @throws IoError if the file can't be made
  static std::optional<FileLock> take(const std::filesystem::path& path);

  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

  int descriptor() const { return descriptor_; }  ///< of the file, open for reading and writing

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;
};

}  // namespace naevus
