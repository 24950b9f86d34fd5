#include "crypto.hpp"

#include <sodium.h>

#include <array>
#include <fstream>
#include <new>
#include <stdexcept>
#include <vector>

#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"

namespace naevus::store {
namespace {

constexpr std::size_t hash_bytes = 32;
using Hash = std::array<unsigned char, hash_bytes>;

void start() {
  static const bool started = sodium_init() >= 0;
  if (!started) throw std::runtime_error("libsodium found no source of random numbers");
}

const unsigned char* bytes_of(std::span<const std::byte> content) {
  return reinterpret_cast<const unsigned char*>(content.data());
}

std::string hex(std::span<const unsigned char> bytes) {
  std::string text(bytes.size() * 2 + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), bytes.data(), bytes.size());
  text.pop_back();
  return text;
}

std::vector<unsigned char> random_bytes(std::size_t count) {
  start();
  std::vector<unsigned char> bytes(count);
  randombytes_buf(bytes.data(), bytes.size());
  return bytes;
}

}  // namespace

std::string blake2b(std::span<const std::byte> content) {
  start();
  Hash hash{};
  crypto_generichash(hash.data(), hash.size(), bytes_of(content), content.size(), nullptr, 0);
  return hex(hash);
}

std::string blake2b(std::string_view text) {
  return blake2b(as_bytes(text));
}

std::string sha256(std::span<const std::byte> content) {
  start();
  static_assert(crypto_hash_sha256_BYTES == hash_bytes);
  Hash hash{};
  crypto_hash_sha256(hash.data(), bytes_of(content), content.size());
  return hex(hash);
}

std::string keyed_blake2b(const std::string& key, std::string_view text) {
  start();
  Hash secret{}, hash{};
  if (sodium_hex2bin(secret.data(), secret.size(), key.data(), key.size(), nullptr, nullptr, nullptr) != 0)
    throw std::invalid_argument("a key of 64 hexadecimal digits is wanted");
  const auto content = as_bytes(text);
  crypto_generichash(hash.data(), hash.size(), bytes_of(content), content.size(), secret.data(), secret.size());
  return hex(hash);
}

std::string blake2b_of_file(const std::filesystem::path& path) {
  start();
  std::ifstream file(path, std::ios::binary);
  if (!file) throw IoError("can't be opened", path.string());
  crypto_generichash_state state;
  crypto_generichash_init(&state, nullptr, 0, hash_bytes);
  std::vector<char> piece(std::size_t{1} << 16);
  while (file) {
    file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    const auto content = std::as_bytes(std::span(piece.data(), static_cast<std::size_t>(file.gcount())));
    crypto_generichash_update(&state, bytes_of(content), content.size());
  }
  if (file.bad()) throw IoError("can't be read", path.string());
  Hash hash{};
  crypto_generichash_final(&state, hash.data(), hash.size());
  return hex(hash);
}

std::string random_hex(std::size_t bytes) {
  return hex(random_bytes(bytes));
}

std::string random_base64url(std::size_t bytes) {
  constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  const auto random = random_bytes(bytes);
  std::string text(sodium_base64_encoded_len(random.size(), variant), '\0');
  sodium_bin2base64(text.data(), text.size(), random.data(), random.size(), variant);
  text.pop_back();
  return text;
}

std::string hash_password(std::string_view password) {
  start();
  std::array<char, crypto_pwhash_STRBYTES> hash{};
  if (crypto_pwhash_str(hash.data(), password.data(), password.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                        crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
    throw std::bad_alloc();
  return hash.data();
}

bool password_matches(const std::string& hash, std::string_view password) {
  start();
  return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

}  // namespace naevus::store
