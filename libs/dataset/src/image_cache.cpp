#include "naevus/dataset/image_cache.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <utility>

#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/image/decode.hpp"
#include "picture_shards.hpp"

namespace naevus::dataset {
namespace {

image::Image shrunk(image::Image picture, const CacheOptions& options) {
  const double scale = std::max(options.slack * options.preparation.width / picture.width,
                                options.slack * options.preparation.height / picture.height);
  if (scale >= 1) return picture;
  return image::resize(picture, static_cast<int>(std::ceil(scale * picture.width)),
                       static_cast<int>(std::ceil(scale * picture.height)), options.preparation.resize);
}

/// What is done to the pictures, in a word. The number changes when the same words come to give other pixels.
std::string set_of(const CacheOptions& options) {
  const bool whole = options.keep == CacheOptions::Keep::for_augmentation;
  const std::string text = fmt::format("pictures 1: {}, {}", to_string(options.preparation),
                                       whole ? fmt::format("whole, slack {}", options.slack) : "prepared");
  return hash_hex(as_bytes(text));
}

/// @throws as image::decode, naming the file
image::Image decode_file(std::span<const std::byte> file, const std::filesystem::path& path) {
  try {
    return image::decode(file);
  } catch (InputError& error) {
    error.set_where(path.string());
    throw;
  }
}

}  // namespace

ImageCache::ImageCache(std::vector<std::filesystem::path> paths, const CacheOptions& options, WorkerPool& pool,
                       const StopToken& stop)
    : paths_(std::move(paths)),
      options_(options),
      kept_(paths_.size()),
      stored_(paths_.size()),
      content_(paths_.size()) {
  if (!options_.folder.empty())
    shards_ = std::make_unique<PictureShards>(options_.folder, set_of(options_), options_.folder_limit);
  Progress progress("decoding", paths_.size());
  std::mutex mutex;
  pool.for_each(paths_.size(), [&](std::size_t i) {
    stop.check();
    try {
      take(i);
    } catch (const Cancelled&) {
      throw;
    } catch (const Error& error) {
      const std::lock_guard lock(mutex);
      broken_.push_back({i, error.what()});
    }
    progress.advance();
  });
  std::sort(broken_.begin(), broken_.end(), [](const Broken& a, const Broken& b) { return a.index < b.index; });
  if (!shards_) return;
  shards_->finish();
  pool.for_each(paths_.size(), [&](std::size_t i) {
    if (content_[i]) stored_[i] = shards_->find(*content_[i]).value_or(StoredPicture{});
  });
}

ImageCache::~ImageCache() = default;

void ImageCache::take(std::size_t index) {
  if (!shards_) {
    keep_in_memory(index, prepared(image::load(paths_[index])));
    ++decoded_;
    return;
  }
  const auto identity = file_identity(paths_[index]);
  if (identity)
    if (const auto content = shards_->content_of(*identity))
      if (const auto found = shards_->find(*content)) {
        stored_[index] = *found;
        return;
      }
  const std::vector<std::byte> file = read_file(paths_[index], image::DecodeLimits{}.max_bytes);
  const Hash128 content = hash128(file);
  const auto found = shards_->find(content);
  if (found) {
    stored_[index] = *found;
  } else {
    image::Image picture = prepared(decode_file(file, paths_[index]));
    ++decoded_;
    if (!shards_->add(content, picture)) {
      keep_in_memory(index, std::move(picture));
      return;
    }
    content_[index] = content;
  }
  if (identity) shards_->remember(*identity, content);
}

void ImageCache::keep_in_memory(std::size_t index, image::Image picture) {
  const std::uint64_t size = picture.pixels.size();
  if (bytes_.fetch_add(size) + size <= options_.budget)
    kept_[index] = std::make_shared<const image::Image>(std::move(picture));
  else
    bytes_.fetch_sub(size);
}

image::Image ImageCache::prepared(image::Image picture) const {
  if (options_.keep == CacheOptions::Keep::prepared) return image::prepare(picture, options_.preparation);
  return shrunk(image::before_augmentation(std::move(picture), options_.preparation), options_);
}

std::shared_ptr<const image::Image> ImageCache::get(std::size_t index) const {
  if (kept_.at(index)) return kept_[index];
  auto picture = std::make_shared<image::Image>();
  if (const StoredPicture& stored = stored_[index]; !stored.pixels.empty()) {
    picture->width = stored.width;
    picture->height = stored.height;
    picture->pixels.assign(stored.pixels.begin(), stored.pixels.end());
  } else {
    *picture = prepared(image::load(paths_[index]));
  }
  return picture;
}

}  // namespace naevus::dataset
