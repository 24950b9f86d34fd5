#pragma once
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

/// What libsodium does for the store.
namespace naevus::store {

/// BLAKE2b-256 as 64 lower-case hexadecimal digits.
std::string blake2b(std::span<const std::byte> content);
std::string blake2b(std::string_view text);

/// SHA-256 as 64 lower-case hexadecimal digits: what model files go by elsewhere too.
std::string sha256(std::span<const std::byte> content);

/// BLAKE2b-256 under a key of 64 hexadecimal digits: who does not have the key can't try out what was hashed.
std::string keyed_blake2b(const std::string& key, std::string_view text);

/// BLAKE2b-256 of a file, however large.
/// @throws IoError if it can't be read
std::string blake2b_of_file(const std::filesystem::path& path);

/// Bytes from the system's random source, as hexadecimal digits or as base64url without padding.
std::string random_hex(std::size_t bytes);
std::string random_base64url(std::size_t bytes);

/// Argon2id with libsodium's limits for interactive use, as its printable form.
/// @throws std::bad_alloc if there is not memory enough (64 MiB)
std::string hash_password(std::string_view password);
bool password_matches(const std::string& hash, std::string_view password);

}  // namespace naevus::store
