#include "naevus/image/decode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <new>
#include <string_view>

#include "codec.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "orient.hpp"
#include "pixels.hpp"
#include "sniff.hpp"

namespace naevus::image {
namespace {

const Codec& codec_of(Format format) {
  switch (format) {
    case Format::jpeg:
      return jpeg_codec();
    case Format::png:
      return png_codec();
    case Format::webp:
      return webp_codec();
    case Format::tiff:
      return tiff_codec();
    case Format::bmp:
      return bmp_codec();
    case Format::dicom:
      return dicom_codec();
  }
  throw InputError("not a picture of a known kind");
}

void check_size(const Header& header, const DecodeLimits& limits) {
  if (header.width <= 0 || header.height <= 0) throw InputError("the header says that the picture has no pixels");
  const auto pixels = static_cast<std::uint64_t>(header.width) * static_cast<std::uint64_t>(header.height);
  if (header.width > limits.max_side || header.height > limits.max_side || pixels > limits.max_pixels)
    throw InputError(fmt::format("{} x {} pixels are more than is read (a side of {}, {} million pixels in all)",
                                 header.width, header.height, limits.max_side, limits.max_pixels / 1'000'000),
                     {}, "scale it down; a few thousand pixels a side are plenty");
}

}  // namespace

void throw_damaged(const char* format, const std::string& reason) {
  throw DecodeError(DecodeFault::damaged, fmt::format("the {} is damaged: {}", format, reason),
                    "copy or export it again");
}

void throw_truncated(const char* format) {
  throw DecodeError(DecodeFault::truncated, fmt::format("the {} ends early: a part of it is missing", format),
                    "copy or download it again");
}

void throw_animated(const char* format) {
  throw DecodeError(DecodeFault::animated, fmt::format("an animated {}, which is not read", format),
                    "save one picture of it as PNG");
}

Image flatten_rgba(std::span<const std::uint8_t> rgba, int width, int height) {
  Image image(width, height);
  for (std::size_t i = 0, n = image.pixels.size() / 3; i < n; ++i) {
    for (std::size_t c = 0; c < 3; ++c) image.pixels[3 * i + c] = over_white(rgba[4 * i + c], rgba[4 * i + 3]);
  }
  return image;
}

Header read_header(std::span<const std::byte> file, const DecodeLimits& limits) {
  if (file.size() > limits.max_bytes)
    throw InputError(fmt::format("a file of {} bytes is larger than is read ({})", file.size(), limits.max_bytes), {},
                     "save it as JPEG, or scale it down");
  const Format format = sniff_format(file);
  Header header = codec_of(format).header(file);
  header.format = format;
  check_size(header, limits);
  return header;
}

Image decode_pixels(Bytes file, const Header& header) {
  try {
    return oriented(codec_of(header.format).pixels(file, header), header.orientation);
  } catch (const std::bad_alloc&) {
    throw InputError(fmt::format("not enough memory to decode {} x {} pixels", header.width, header.height), {},
                     "scale it down, or free some memory");
  }
}

Image decode(std::span<const std::byte> file, const DecodeLimits& limits) {
  return decode_pixels(file, read_header(file, limits));
}

Image load(const std::filesystem::path& path, const DecodeLimits& limits) {
  const auto file = read_file(path, limits.max_bytes);
  try {
    return decode(file, limits);
  } catch (InputError& error) {
    error.set_where(path.string());
    throw;
  }
}

bool has_picture_extension(const std::filesystem::path& path) {
  std::string extension = path.extension().string();
  std::ranges::transform(extension, extension.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  constexpr std::array<std::string_view, 9> known = {".jpg",  ".jpeg", ".png", ".webp", ".tif",
                                                     ".tiff", ".bmp",  ".dcm", ".dicom"};
  return std::ranges::find(known, extension) != known.end();
}

}  // namespace naevus::image
