#include <cstring>
#include <limits>
#include <memory>

#include "codec.hpp"
#include "naevus/base/error.hpp"

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_ONLY_BMP
#define STBI_NO_STDIO
#define STBI_NO_LINEAR
#define STBI_NO_HDR
#define STBI_MAX_DIMENSIONS 65535
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#include <stb/stb_image.h>
#pragma GCC diagnostic pop

namespace naevus::image {
namespace {

std::uint32_t little_endian(Bytes file, std::size_t offset, std::size_t size) {
  if (file.size() < offset + size) throw_truncated("BMP");
  std::uint32_t value = 0;
  for (std::size_t i = size; i-- > 0;) value = value << 8 | byte_at(file, offset + i);
  return value;
}

// stb_image reads zeros past the end of its input, so the length is judged here.
void check_length(Bytes file, std::uint32_t bits, std::uint64_t width, std::uint64_t height) {
  const std::uint64_t row = (width * bits + 31) / 32 * 4;
  // The last row's padding is often left out.
  const std::uint64_t needed = little_endian(file, 10, 4) + row * (height - 1) + (width * bits + 7) / 8;
  if (file.size() < needed) throw_truncated("BMP");
}

Header read_bmp_header(Bytes file) {
  const auto header_size = little_endian(file, 14, 4);
  const bool core = header_size == 12;
  if (!core && header_size < 40) throw_damaged("BMP", "its header makes no sense");
  const auto width = core ? static_cast<std::int32_t>(little_endian(file, 18, 2))
                          : static_cast<std::int32_t>(little_endian(file, 18, 4));
  const auto height = core ? static_cast<std::int32_t>(little_endian(file, 20, 2))
                           : static_cast<std::int32_t>(little_endian(file, 22, 4));
  if (width <= 0 || height == 0 || height == std::numeric_limits<std::int32_t>::min())
    throw_damaged("BMP", "its header makes no sense");
  if (!core) {
    const auto compression = little_endian(file, 30, 4);
    if (compression != 0 && compression != 3)
      throw InputError("a compressed BMP, which is not read", {}, "save it as PNG");
  }
  return {.width = width, .height = height < 0 ? -height : height};
}

Image read_bmp(Bytes file, const Header& header) {
  const bool core = little_endian(file, 14, 4) == 12;
  check_length(file, little_endian(file, core ? 24 : 28, 2), static_cast<std::uint64_t>(header.width),
               static_cast<std::uint64_t>(header.height));
  if (file.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) throw_damaged("BMP", "it is too large");
  int width = 0, height = 0, channels = 0;
  const std::unique_ptr<stbi_uc, decltype(&stbi_image_free)> pixels(
      stbi_load_from_memory(data_of(file), static_cast<int>(file.size()), &width, &height, &channels, 3),
      &stbi_image_free);
  if (!pixels) throw_damaged("BMP", stbi_failure_reason());
  if (width != header.width || height != header.height) throw_damaged("BMP", "its header makes no sense");
  Image image(width, height);
  std::memcpy(image.pixels.data(), pixels.get(), image.pixels.size());
  return image;
}

}  // namespace

const Codec& bmp_codec() {
  static constexpr Codec codec{read_bmp_header, read_bmp};
  return codec;
}

}  // namespace naevus::image
