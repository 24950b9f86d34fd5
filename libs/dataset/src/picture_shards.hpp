#pragma once
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>

#include "naevus/base/hash.hpp"
#include "naevus/image/image.hpp"

namespace naevus::dataset {

/// Pixels in a mapped file; they stay as long as the PictureShards do.
struct StoredPicture {
  int width = 0, height = 0;
  std::span<const std::uint8_t> pixels;  ///< as image::Image::pixels
};

/// A file's content without reading it: a hash of its path, device, inode, size and times of change; nothing where the
/// file can't be asked, or changed so recently that another change might not show.
std::optional<Hash128> file_identity(const std::filesystem::path& path);

/// Decoded pictures in memory-mapped files that runs share, by the hash of the picture file's content.
///
/// `root` holds a folder per `set` (what was done to the pictures), and that holds shards. A shard belongs to the
/// process that writes it and to no other: NAME.pixels, which only grows, and NAME.index, with one record per picture,
/// checksums included, that is appended after the picture's pixels. So writers never meet, and a writer that is killed
/// leaves a shard that is good up to its last whole record. Readers map all shards, and believe no pixels without their
/// checksum. Only the removal of what was not used for longest, whole shards, takes a lock (flock on root/lock).
///
/// Whatever goes wrong with the folder is told once, as a warning, and is otherwise as if nothing had been stored.
class PictureShards {
 public:
  /// Opens what other runs left.
  /// @param limit  bytes of all sets together
  PictureShards(std::filesystem::path root, const std::string& set, std::uint64_t limit);
  PictureShards(const PictureShards&) = delete;
  PictureShards& operator=(const PictureShards&) = delete;
  ~PictureShards();

  /// The content that a file had when it was last read. Thread-safe, as all but finish().
  std::optional<Hash128> content_of(const Hash128& identity) const;
  /// The picture, if it is there and whole; those added since finish() are not found.
  std::optional<StoredPicture> find(const Hash128& content) const;

  /// Whether the picture is kept now.
  bool add(const Hash128& content, const image::Image& picture);
  void remember(const Hash128& identity, const Hash128& content);

  /// Makes what was added ready to be found, marks what was found as used, and removes what goes beyond the limit.
  void finish();

 private:
  struct Shard;
  struct Place {
    const Shard* shard;
    std::uint64_t offset;
    int width, height;
    Hash128 checksum;
  };
  struct HashOfHash {
    std::size_t operator()(const Hash128& hash) const { return hash.low; }
  };
  class Writer;

  void open_shard(const std::filesystem::path& stem);
  bool keep(const std::function<void(Writer&)>& write);

  std::filesystem::path root_, folder_;
  std::uint64_t limit_;
  std::deque<Shard> shards_;
  std::unordered_multimap<Hash128, Place, HashOfHash> pictures_;
  std::unordered_map<Hash128, Hash128, HashOfHash> names_;

  std::mutex mutex_;
  std::unique_ptr<Writer> writer_;
  std::set<Hash128> added_;
  bool given_up_ = false;
};

}  // namespace naevus::dataset
