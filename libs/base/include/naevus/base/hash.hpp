#pragma once
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace naevus {

/// XXH3 128-bit hash. For equality, not for security.
struct Hash128 {
  std::uint64_t high = 0, low = 0;
  auto operator<=>(const Hash128&) const = default;
};
Hash128 hash128(std::span<const std::byte> content);

/// hash128 as 32 lower-case hexadecimal digits. For equality, not for security.
std::string hash_hex(std::span<const std::byte> content);

/// XXH3 64-bit hash, where a chance collision of many millions does no harm because equality is looked at again.
std::uint64_t hash_64(std::span<const std::byte> content);

}  // namespace naevus
