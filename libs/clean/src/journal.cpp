#include "naevus/clean/journal.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <system_error>

#include "naevus/base/error.hpp"
#include "naevus/base/hash.hpp"

namespace naevus::clean {
namespace {

namespace fs = std::filesystem;

/// Before each record: the lengths of key and record; after it: the hash of both.
struct Head {
  std::uint32_t key = 0, record = 0;
};
constexpr std::size_t hash_length = 32;

std::span<const std::byte> bytes_of(const Head& head) {
  return std::as_bytes(std::span(&head, 1));
}

std::string checksum(std::span<const std::byte> key_and_record) {
  return hash_hex(key_and_record);
}

FileLock lock(const fs::path& path) {
  if (auto held = FileLock::take(path)) return std::move(*held);
  throw IoError("another process works in this folder", path.parent_path().string(),
                "wait until it is done, or choose another output folder");
}

/// Where the records begin; nothing if the file is of another version.
std::optional<std::size_t> begin_of_records(std::span<const std::byte> file, const std::string& title) {
  if (file.size() < title.size() || std::memcmp(file.data(), title.data(), title.size()) != 0) return std::nullopt;
  return title.size();
}

}  // namespace

Journal::Journal(const fs::path& path, std::string_view version) : lock_(lock(path)) {
  const std::string title = fmt::format("naevus {}\n", version);
  std::vector<std::byte> file = read_file(path);
  std::size_t end = 0;
  if (const auto begin = begin_of_records(file, title)) {
    end = *begin;
    for (;;) {
      Head head;
      if (file.size() - end < sizeof head) break;
      std::memcpy(&head, file.data() + end, sizeof head);
      const std::size_t body = std::size_t{head.key} + head.record;
      if (file.size() - end - sizeof head < body + hash_length) break;
      const std::span<const std::byte> content(file.data() + end + sizeof head, body);
      const std::string sum = checksum(content);
      if (std::memcmp(sum.data(), content.data() + body, hash_length) != 0) break;
      records_[std::string(reinterpret_cast<const char*>(content.data()), head.key)].assign(content.begin() + head.key,
                                                                                            content.end());
      end += sizeof head + body + hash_length;
    }
  }
  if (end < file.size() && ::ftruncate(lock_.descriptor(), static_cast<off_t>(end)) != 0)
    throw IoError(std::system_category().message(errno), path.string());
  file_.emplace(path);
  if (end == 0) file_->append(title);
}

std::optional<std::vector<std::byte>> Journal::take(const std::string& key) {
  const std::scoped_lock guard(mutex_);
  auto node = records_.extract(key);
  if (node.empty()) return std::nullopt;
  return std::move(node.mapped());
}

void Journal::add(const std::string& key, std::span<const std::byte> record) {
  const Head head{static_cast<std::uint32_t>(key.size()), static_cast<std::uint32_t>(record.size())};
  std::vector<std::byte> bytes;
  const auto put = [&](std::span<const std::byte> part) { bytes.insert(bytes.end(), part.begin(), part.end()); };
  put(bytes_of(head));
  put(as_bytes(key));
  put(record);
  const std::string sum = checksum(std::span(bytes).subspan(sizeof head));
  put(as_bytes(sum));
  const std::scoped_lock guard(mutex_);
  file_->append(bytes);
}

}  // namespace naevus::clean
