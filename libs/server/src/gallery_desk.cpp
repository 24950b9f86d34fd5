#include "gallery_desk.hpp"

#include <sys/stat.h>

#include <algorithm>

#include "naevus/base/error.hpp"
#include "naevus/server/http.hpp"

namespace naevus::server {
namespace {

/// A file that is written whole has an inode of its own.
std::optional<std::pair<std::uint64_t, std::int64_t>> version_of(const std::filesystem::path& file) {
  struct stat state{};
  if (stat(file.c_str(), &state) != 0) return std::nullopt;
  constexpr std::int64_t second = 1'000'000'000;
  return std::pair(state.st_ino, state.st_mtim.tv_sec * second + state.st_mtim.tv_nsec);
}

}  // namespace

GalleryDesk::GalleryDesk(const std::filesystem::path& data, const store::PictureFolder& pictures)
    : file_(gallery::gallery_file(data)), pictures_(pictures) {}

std::shared_ptr<const gallery::Gallery> GalleryDesk::current() {
  const std::lock_guard lock(mutex_);
  const auto version = version_of(file_);
  if (version == read_) return gallery_;
  gallery_.reset();
  read_.reset();
  if (!version) return nullptr;
  try {
    gallery_ = std::make_shared<const gallery::Gallery>(gallery::read_gallery(file_));
  } catch (const InputError& error) {
    throw Refusal(409, "gallery", "the gallery " + error.problem(), error.advice());
  }
  read_ = version;
  return gallery_;
}

void GalleryDesk::forget(const std::vector<std::string>& pictures) {
  gallery::remove_cases(file_, [&](const gallery::Case& one) {
    return std::ranges::find(pictures, one.picture) != pictures.end() || (one.kept && !pictures_.has(one.picture));
  });
}

}  // namespace naevus::server
