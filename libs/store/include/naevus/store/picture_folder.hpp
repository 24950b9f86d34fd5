#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace naevus::store {

/// A picture as put() left it on the disk.
struct KeptPicture {
  std::string hash;                        ///< 64 hexadecimal digits
  std::uint64_t inode = 0;                 ///< of its file,
  std::int64_t since_s = 0, since_ns = 0;  ///< which has been there, as it is, from then on
};

/// Pictures as they were sent, each under the BLAKE2b-256 of its bytes: FOLDER/pictures/ab/cdef…
/// The same picture is kept once. May be used from any number of threads and processes.
class PictureFolder {
 public:
  /// @param folder  the data folder; made when the first picture comes
  explicit PictureFolder(const std::filesystem::path& folder);

  /// Keeps a picture, written whole.
  /// @throws IoError if it can't be written
  KeptPicture put(std::span<const std::byte> content) const;

  /// Whether its file is still that one. One that was erased and put again meanwhile may not have reached the disk.
  bool is_still(const KeptPicture& picture) const;

  /// What a picture is kept under.
  static std::string hash_of(std::span<const std::byte> content);

  /// @throws IoError if there is no such picture, or its bytes are no longer those that were put
  std::vector<std::byte> read(const std::string& hash) const;

  bool has(const std::string& hash) const;

  /// Removes a picture; one that is not there is no error.
  void erase(const std::string& hash) const;

  /// Calls `each` with the hash of every picture.
  void visit(const std::function<void(const std::string&)>& each) const;

  /// Removes what writes that never ended have left, where they began more than an hour ago.
  void remove_unfinished() const;

  std::filesystem::path path(const std::string& hash) const;

 private:
  std::filesystem::path root_;
};

}  // namespace naevus::store
