#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

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
  /// Bytes of pixels that are kept; the rest is decoded again whenever it is asked for.
  std::uint64_t budget = std::uint64_t{2} << 30;
};

/// Pictures of a data set, decoded once. What get() answers does not depend on the budget or the number of threads.
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

  std::size_t size() const { return paths_.size(); }
  /// Bytes of pixels that are kept, at most the budget.
  std::uint64_t kept_bytes() const { return bytes_.load(); }
  /// Pictures that can't be read, by rising index. get() throws for them: leave them out.
  const std::vector<Broken>& broken() const { return broken_; }

  /// The picture, from memory or decoded anew. Thread-safe.
  /// @throws InputError or IoError, naming the file, if it can't be read
  std::shared_ptr<const image::Image> get(std::size_t index) const;

 private:
  image::Image load(std::size_t index) const;

  std::vector<std::filesystem::path> paths_;
  CacheOptions options_;
  std::vector<std::shared_ptr<const image::Image>> kept_;
  std::vector<Broken> broken_;
  std::atomic<std::uint64_t> bytes_{0};
};

}  // namespace naevus::dataset
