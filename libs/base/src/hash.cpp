#include "naevus/base/hash.hpp"

#include <fmt/format.h>
#include <xxhash.h>

namespace naevus {

std::string hash_hex(std::span<const std::byte> content) {
  const XXH128_hash_t hash = XXH3_128bits(content.data(), content.size());
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

std::uint64_t hash_64(std::span<const std::byte> content) {
  return XXH3_64bits(content.data(), content.size());
}

}  // namespace naevus
