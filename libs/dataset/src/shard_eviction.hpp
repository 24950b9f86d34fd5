#pragma once
#include <cstdint>
#include <filesystem>

namespace naevus::dataset {

/// Removes the shards under `root` that were not used for longest, until the others hold at most `limit` bytes and no
/// set has more than 64. A process that reads a removed shard goes on reading it. Does nothing where another process is
/// at it, or where files can't be removed.
/// @param spared  a shard, by its path without extension, that stays
void evict_shards(const std::filesystem::path& root, std::uint64_t limit, const std::filesystem::path& spared);

}  // namespace naevus::dataset
