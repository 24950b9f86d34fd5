#include "naevus/image/image.hpp"

#include <fmt/format.h>

#include "naevus/base/file.hpp"
#include "naevus/base/hash.hpp"

namespace naevus::image {

std::string pixel_hash(const Image& image) {
  const std::string pixels = hash_hex(std::as_bytes(std::span(image.pixels)));
  return hash_hex(as_bytes(fmt::format("{}x{}:{}", image.width, image.height, pixels)));
}

}  // namespace naevus::image
