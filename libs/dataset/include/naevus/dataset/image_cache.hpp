#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "naevus/base/hash.hpp"
#include "naevus/base/parallel.hpp"
#include "naevus/image/image.hpp"
#include "naevus/image/prepare.hpp"

namespace naevus::dataset {

struct CacheOptions {
  enum class Keep {
    /// Exactly image::prepare of the picture, as `predict` sees it: for validation and test.
    prepared,
    /// image::before_augmentation, shrunk with image::resize where its sides are above `slack` times the input's: for
    /// augmentation, with image::after_cleaning of the preparation.
    for_augmentation,
  };
  Keep keep = Keep::prepared;
  image::Preparation preparation;
  /// Augmentation looks at parts down to 0.8 of the frame, so 1.3 of the input's side loses nothing that it could show.
  double slack = 1.3;
  /// Decoded pictures are kept in this folder for other runs, memory-mapped, and found again by the hash of the picture
  /// file's content and by what is done to it; empty: they are not. See its README.txt.
  std::filesystem::path folder;
  /// Bytes of the folder: what was not used for longest goes first.
  std::uint64_t folder_limit = std::uint64_t{10} << 30;
  /// Bytes of pixels in memory, for what is not in the folder; the rest is decoded again whenever it is asked for.
  std::uint64_t budget = std::uint64_t{2} << 30;
};

class PictureShards;
struct StoredPicture;

/// Pictures of a data set, decoded once. What get() answers depends neither on the folder and what is in it, nor on the
/// budget or the number of threads. Two processes may use one folder at the same time, and be killed; a folder that
/// can't be read or written, or a full disk, is a warning.
class ImageCache {
 public:
  struct Broken {
    std::size_t index;    ///< into the paths
    std::string problem;  ///< as the decoder says it, with the file's name
  };

  /// Decodes every picture once, on the pool's threads, with a line of progress.
  /// @throws Cancelled if a stop is requested
  ImageCache(std::vector<std::filesystem::path> paths, const CacheOptions& options, WorkerPool& pool,
             const StopToken& stop = interrupt_token());
  ~ImageCache();

  std::size_t size() const { return paths_.size(); }
  /// Bytes of pixels that are kept in memory, at most the budget.
  std::uint64_t kept_bytes() const { return bytes_.load(); }
  /// Pictures that had to be decoded; the others were in the folder.
  std::size_t decoded() const { return decoded_.load(); }
  /// Pictures that can't be read, by rising index. get() throws for them: leave them out.
  const std::vector<Broken>& broken() const { return broken_; }

  /// The picture, from the folder, from memory or decoded anew. Thread-safe.
  /// @throws InputError or IoError, naming the file, if it can't be read
  std::shared_ptr<const image::Image> get(std::size_t index) const;

 private:
  image::Image prepared(image::Image picture) const;
  void take(std::size_t index);
  void keep_in_memory(std::size_t index, image::Image picture);

  std::vector<std::filesystem::path> paths_;
  CacheOptions options_;
  std::vector<std::shared_ptr<const image::Image>> kept_;
  std::vector<Broken> broken_;
  std::atomic<std::uint64_t> bytes_{0};
  std::atomic<std::size_t> decoded_{0};
  std::unique_ptr<PictureShards> shards_;
  std::vector<StoredPicture> stored_;            // [paths]; without pixels: not in the folder
  std::vector<std::optional<Hash128>> content_;  // [paths]; of those that were added to the folder
};

}  // namespace naevus::dataset
