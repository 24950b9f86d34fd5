#pragma once
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>

#include "naevus/base/error.hpp"
#include "naevus/image/image.hpp"

namespace naevus::image {

enum class Format { jpeg, png, webp, tiff, bmp, dicom };

/// What a picture may cost. The header is judged before any pixel is decoded.
struct DecodeLimits {
  std::uint64_t max_bytes = std::uint64_t{256} << 20;
  int max_side = 32'767;
  std::uint64_t max_pixels = 100'000'000;
};

/// How a file stores its colours.
enum class ColorModel {
  rgb,  ///< or luma and chroma, as JPEG has it
  grey,
  palette,
  inks,  ///< CMYK, YCCK
  other,
};

/// What the header says.
struct Header {
  Format format = Format::jpeg;
  int width = 0, height = 0;  ///< as stored, before the orientation is applied
  int orientation = 1;        ///< EXIF 1 to 8
  ColorModel color = ColorModel::rgb;
  int bits = 8;         ///< of a channel, or of a palette's index
  bool alpha = false;   ///< it may be transparent
  std::string profile;  ///< the name of an embedded colour profile other than sRGB; a BMP's is not looked for
};

/// Why a file of a kind that is read could not be.
enum class DecodeFault { truncated, damaged, animated };

class DecodeError : public InputError {
 public:
  DecodeError(DecodeFault fault, std::string problem, std::string advice)
      : InputError(std::move(problem), {}, std::move(advice)), fault_(fault) {}
  DecodeFault fault() const { return fault_; }

 private:
  DecodeFault fault_;
};

/// Reads the header alone.
/// @throws InputError as decode, for what the header shows
Header read_header(std::span<const std::byte> file, const DecodeLimits& limits = {});

/// Decodes JPEG (baseline, progressive, grey, YCbCr, CMYK / YCCK), PNG (every depth, palette, interlaced; alpha over
/// white), WebP (still), TIFF (8 and 16 bit, first page), BMP, and DICOM (Dermoscopic and VL Photographic Image Storage
/// of one frame with 8 bits a sample; uncompressed little endian, JPEG baseline, RLE). Orientation is applied, colour
/// profiles are ignored and metadata is dropped; 16-bit samples keep their upper byte.
/// @throws InputError when it is empty, not a picture, of a kind that is not read (GIF, HEIC, AVIF, SVG, PDF, other
///         DICOM: named, with what to do), over the limits; DecodeError when it is animated, truncated or damaged (a
///         decoder's warning counts)
Image decode(std::span<const std::byte> file, const DecodeLimits& limits = {});

/// Reads and decodes a file; errors name it.
/// @throws IoError if it can't be read, InputError as decode
Image load(const std::filesystem::path& path, const DecodeLimits& limits = {});

/// Whether the name ends as a picture's does (.jpg .jpeg .png .webp .tif .tiff .bmp .dcm .dicom, any case).
bool has_picture_extension(const std::filesystem::path& path);

}  // namespace naevus::image
