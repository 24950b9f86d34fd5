#pragma once
#include <cstddef>
#include <span>
#include <string>

namespace naevus {

/// XXH3 128-bit hash as 32 lower-case hexadecimal digits. For equality, not for security.
std::string hash_hex(std::span<const std::byte> content);

}  // namespace naevus
