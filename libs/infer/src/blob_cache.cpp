#include "blob_cache.hpp"

#include <algorithm>
#include <cstring>
#include <system_error>

#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/hash.hpp"
#include "naevus/base/log.hpp"

namespace naevus::infer {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t hash_digits = 32;

}  // namespace

/// The file is the blob followed by its hash: OpenVINO trusts what it imports, so a damaged file must not reach it.
std::optional<std::vector<std::byte>> BlobCache::load(const std::string& key) const {
  std::error_code error;
  if (!active() || !fs::exists(path(key), error)) return std::nullopt;
  try {
    std::vector<std::byte> content = read_file(path(key));
    if (content.size() > hash_digits) {
      const std::size_t size = content.size() - hash_digits;
      const std::string expected(reinterpret_cast<const char*>(content.data()) + size, hash_digits);
      content.resize(size);
      if (hash_hex(content) == expected) {
        fs::last_write_time(path(key), fs::file_time_type::clock::now(), error);
        return content;
      }
    }
    log::debug("compiled model " + path(key).string() + " is damaged: compiling anew");
  } catch (const Error& problem) {
    log::debug(std::string("compiled model not read: ") + problem.what());
  }
  return std::nullopt;
}

void BlobCache::store(const std::string& key, std::span<const std::byte> blob) const {
  if (!active()) return;
  try {
    const std::string hash = hash_hex(blob);
    std::vector<std::byte> content(blob.size() + hash.size());
    std::memcpy(content.data(), blob.data(), blob.size());
    std::memcpy(content.data() + blob.size(), hash.data(), hash.size());
    write_file(path(key), content);
    prune();
  } catch (const std::exception& problem) {
    log::debug(std::string("compiled model not kept: ") + problem.what());
  }
}

void BlobCache::prune() const {
  struct File {
    fs::file_time_type used;
    std::uintmax_t bytes;
    fs::path path;
  };
  std::vector<File> files;
  for (const auto& entry : fs::directory_iterator(folder_))
    if (entry.path().extension() == ".compiled")
      files.push_back({entry.last_write_time(), entry.file_size(), entry.path()});
  std::sort(files.begin(), files.end(), [](const File& a, const File& b) { return a.used > b.used; });
  std::uintmax_t total = 0;
  for (const File& file : files) {
    total += file.bytes;
    std::error_code error;
    if (total > max_bytes && file.path != files.front().path) fs::remove(file.path, error);
  }
}

}  // namespace naevus::infer
