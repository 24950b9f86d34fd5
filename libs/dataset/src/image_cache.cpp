#include "naevus/dataset/image_cache.hpp"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <utility>

#include "naevus/base/error.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/image/decode.hpp"

namespace naevus::dataset {
namespace {

image::Image shrunk(image::Image picture, const CacheOptions& options) {
  const double scale = std::max(options.slack * options.preparation.width / picture.width,
                                options.slack * options.preparation.height / picture.height);
  if (scale >= 1) return picture;
  return image::resize(picture, static_cast<int>(std::ceil(scale * picture.width)),
                       static_cast<int>(std::ceil(scale * picture.height)), options.preparation.resize);
}

}  // namespace

ImageCache::ImageCache(std::vector<std::filesystem::path> paths, const CacheOptions& options, WorkerPool& pool,
                       const StopToken& stop)
    : paths_(std::move(paths)), options_(options), kept_(paths_.size()) {
  Progress progress("decoding", paths_.size());
  std::mutex mutex;
  pool.for_each(paths_.size(), [&](std::size_t i) {
    stop.check();
    try {
      auto picture = std::make_shared<const image::Image>(load(i));
      const std::uint64_t size = picture->pixels.size();
      if (bytes_.fetch_add(size) + size <= options_.budget)
        kept_[i] = std::move(picture);
      else
        bytes_.fetch_sub(size);
    } catch (const Cancelled&) {
      throw;
    } catch (const Error& error) {
      const std::lock_guard lock(mutex);
      broken_.push_back({i, error.what()});
    }
    progress.advance();
  });
  std::sort(broken_.begin(), broken_.end(), [](const Broken& a, const Broken& b) { return a.index < b.index; });
}

image::Image ImageCache::load(std::size_t index) const {
  image::Image picture = image::load(paths_[index]);
  if (options_.keep == CacheOptions::Keep::prepared) return image::prepare(picture, options_.preparation);
  return shrunk(image::before_augmentation(std::move(picture), options_.preparation), options_);
}

std::shared_ptr<const image::Image> ImageCache::get(std::size_t index) const {
  if (kept_.at(index)) return kept_[index];
  return std::make_shared<const image::Image>(load(index));
}

}  // namespace naevus::dataset
