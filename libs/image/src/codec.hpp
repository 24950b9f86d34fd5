#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "naevus/image/decode.hpp"

/// One reader a format. `header` looks at the header alone; `pixels` decodes what `header` accepted, as stored
/// (orientation not applied). Both throw InputError; the caller names the file.
namespace naevus::image {

using Bytes = std::span<const std::byte>;

struct Codec {
  Header (*header)(Bytes file);
  Image (*pixels)(Bytes file, const Header& header);
};

const Codec& jpeg_codec();
const Codec& png_codec();
const Codec& webp_codec();
const Codec& tiff_codec();
const Codec& bmp_codec();
const Codec& dicom_codec();

inline std::uint8_t byte_at(Bytes file, std::size_t i) {
  return std::to_integer<std::uint8_t>(file[i]);
}

inline const std::uint8_t* data_of(Bytes file) {
  return reinterpret_cast<const std::uint8_t*>(file.data());
}

/// `reason` is the decoding library's own message, for those who look further.
[[noreturn]] void throw_damaged(const char* format, const std::string& reason);
[[noreturn]] void throw_truncated(const char* format);
[[noreturn]] void throw_animated(const char* format);

/// `color` seen through `alpha` on a white ground.
inline std::uint8_t over_white(unsigned color, unsigned alpha) {
  return static_cast<std::uint8_t>((color * alpha + 255U * (255U - alpha) + 127U) / 255U);
}

/// RGBA rows, not premultiplied, over white.
Image flatten_rgba(std::span<const std::uint8_t> rgba, int width, int height);

/// The orientation (1 to 8) in an EXIF block that starts with its TIFF header; 1 where there is none or the block is
/// broken.
int exif_orientation(Bytes exif);

}  // namespace naevus::image
