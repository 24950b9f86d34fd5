#include "naevus/base/hash.hpp"

#include <fmt/format.h>
#include <xxhash.h>

namespace naevus {

Hash128 hash128(std::span<const std::byte> content) {
  const XXH128_hash_t hash = XXH3_128bits(content.data(), content.size());
  return {.high = hash.high64, .low = hash.low64};
}

std::string hash_hex(std::span<const std::byte> content) {
  const Hash128 hash = hash128(content);
  return fmt::format("{:016x}{:016x}", hash.high, hash.low);
}

std::uint64_t hash_64(std::span<const std::byte> content) {
  return XXH3_64bits(content.data(), content.size());
}

}  // namespace naevus
