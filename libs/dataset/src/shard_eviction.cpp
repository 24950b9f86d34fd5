#include "shard_eviction.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <system_error>
#include <vector>

namespace naevus::dataset {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_shards_of_a_set = 64;

/// Both files of a shard, or one where the other is missing.
struct Shard {
  std::uintmax_t bytes = 0;
  fs::file_time_type used = fs::file_time_type::min();
  std::vector<fs::path> files;
};

std::map<fs::path, Shard> shards_under(const fs::path& root) {
  std::map<fs::path, Shard> shards;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(root, error), end; !error && entry != end; entry.increment(error)) {
    const fs::path& path = entry->path();
    if (path.extension() != ".pixels" && path.extension() != ".index") continue;
    std::error_code gone;
    const auto bytes = entry->file_size(gone);
    const auto time = entry->last_write_time(gone);
    if (gone) continue;
    Shard& shard = shards[path.parent_path() / path.stem()];
    shard.bytes += bytes;
    shard.used = std::max(shard.used, time);
    shard.files.push_back(path);
  }
  return shards;
}

}  // namespace

void evict_shards(const fs::path& root, std::uint64_t limit, const fs::path& spared) {
  const int lock = ::open((root / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0) return;
  if (::flock(lock, LOCK_EX | LOCK_NB) == 0) {
    const auto shards = shards_under(root);
    std::vector<const std::pair<const fs::path, Shard>*> order;
    order.reserve(shards.size());
    for (const auto& shard : shards) order.push_back(&shard);
    std::sort(order.begin(), order.end(), [&](const auto* a, const auto* b) {
      if ((a->first == spared) != (b->first == spared)) return a->first == spared;
      return a->second.used > b->second.used;
    });
    std::uintmax_t total = 0;
    std::map<fs::path, std::size_t> of_set;
    for (const auto* shard : order) {
      total += shard->second.bytes;
      const std::size_t number = ++of_set[shard->first.parent_path()];
      if (shard->first == spared || (total <= limit && number <= most_shards_of_a_set)) continue;
      std::error_code error;
      for (const fs::path& file : shard->second.files) fs::remove(file, error);
      total -= shard->second.bytes;
    }
  }
  ::close(lock);
}

}  // namespace naevus::dataset
