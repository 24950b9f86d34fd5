#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace naevus::page {

/// A file of the page, as Vite built it from web/. It lies in the program itself.
struct File {
  std::string_view path;          ///< "assets/index-C3J-ZlcN.js"
  std::string_view content_type;  ///< "text/javascript; charset=utf-8"
  std::string_view gzip;          ///< its bytes, compressed (RFC 1952)
  std::size_t size;               ///< bytes, as they are
  std::string_view sha256;        ///< of the bytes as they are, hexadecimal
  bool immutable;                 ///< its name holds a hash of its content: under that name it never changes
};

/// All, by their paths in ascending order.
std::span<const File> files();

/// nullptr where there is none.
const File* find(std::string_view path);

/// Its bytes as they are.
std::string inflated(const File& file);

}  // namespace naevus::page
