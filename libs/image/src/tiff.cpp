#include <tiffio.h>

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>

#include "codec.hpp"
#include "icc.hpp"
#include "naevus/base/error.hpp"

namespace naevus::image {
namespace {

/// The file in memory and what libtiff said about it.
struct Source {
  Bytes file;
  std::size_t position = 0;
  char message[256] = {};
  bool reading_pixels = false;
  bool past_end = false;
};

Source& source_of(thandle_t handle) {
  return *static_cast<Source*>(handle);
}

tmsize_t on_read(thandle_t handle, void* to, tmsize_t count) {
  Source& source = source_of(handle);
  const std::size_t left = source.position < source.file.size() ? source.file.size() - source.position : 0;
  const std::size_t given = std::min(left, static_cast<std::size_t>(std::max<tmsize_t>(count, 0)));
  if (given < static_cast<std::size_t>(std::max<tmsize_t>(count, 0))) source.past_end = true;
  if (given > 0) std::memcpy(to, source.file.data() + source.position, given);
  source.position += given;
  return static_cast<tmsize_t>(given);
}

toff_t on_seek(thandle_t handle, toff_t offset, int whence) {
  Source& source = source_of(handle);
  const toff_t base = whence == SEEK_CUR ? source.position : whence == SEEK_END ? source.file.size() : 0;
  source.position = base + offset;
  return source.position;
}

int keep_message(void* user, const char* format, std::va_list values) {
  auto* source = static_cast<Source*>(user);
  if (source->message[0] == 0) std::vsnprintf(source->message, sizeof source->message, format, values);
  return 1;
}

int on_error(TIFF*, void* user, const char*, const char* format, std::va_list values) {
  return keep_message(user, format, values);
}

// While the directory is read, libtiff warns of every private tag; while pixels are read, of pixels that it makes up.
int on_warning(TIFF*, void* user, const char*, const char* format, std::va_list values) {
  return static_cast<Source*>(user)->reading_pixels ? keep_message(user, format, values) : 1;
}

struct Closer {
  void operator()(TIFF* tiff) const { TIFFClose(tiff); }
};
using Handle = std::unique_ptr<TIFF, Closer>;

[[noreturn]] void fail(const Source& source) {
  if (source.past_end) throw_truncated("TIFF");
  throw_damaged("TIFF", source.message[0] != 0 ? source.message : "its pixels can't be decoded to the end");
}

Handle open(Source& source) {
  struct OptionsCloser {
    void operator()(TIFFOpenOptions* options) const { TIFFOpenOptionsFree(options); }
  };
  const std::unique_ptr<TIFFOpenOptions, OptionsCloser> options(TIFFOpenOptionsAlloc());
  if (!options) throw std::bad_alloc();
  // Enough for 100 million pixels of four 16-bit samples; a directory that asks for more lies.
  TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), tmsize_t{1} << 30);
  TIFFOpenOptionsSetErrorHandlerExtR(options.get(), on_error, &source);
  TIFFOpenOptionsSetWarningHandlerExtR(options.get(), on_warning, &source);
  Handle tiff(TIFFClientOpenExt(
      "TIFF", "rm", &source, on_read, [](thandle_t, void*, tmsize_t) -> tmsize_t { return 0; }, on_seek,
      [](thandle_t) { return 0; }, [](thandle_t handle) -> toff_t { return source_of(handle).file.size(); }, nullptr,
      nullptr, options.get()));
  if (!tiff || source.message[0] != 0) fail(source);
  return tiff;
}

template <typename T>
T field(TIFF* tiff, ttag_t tag, T fallback) {
  T value = fallback;
  return TIFFGetFieldDefaulted(tiff, tag, &value) ? value : fallback;
}

ColorModel color_of(std::uint16_t photometric) {
  switch (photometric) {
    case PHOTOMETRIC_MINISBLACK:
    case PHOTOMETRIC_MINISWHITE:
      return ColorModel::grey;
    case PHOTOMETRIC_PALETTE:
      return ColorModel::palette;
    case PHOTOMETRIC_SEPARATED:
      return ColorModel::inks;
    case PHOTOMETRIC_RGB:
    case PHOTOMETRIC_YCBCR:
      return ColorModel::rgb;
    default:
      return ColorModel::other;
  }
}

bool has_alpha(TIFF* tiff) {
  std::uint16_t count = 0;
  const std::uint16_t* kinds = nullptr;
  if (!TIFFGetField(tiff, TIFFTAG_EXTRASAMPLES, &count, &kinds)) return false;
  return std::any_of(kinds, kinds + count, [](std::uint16_t kind) { return kind != EXTRASAMPLE_UNSPECIFIED; });
}

Bytes profile_of(TIFF* tiff) {
  std::uint32_t size = 0;
  const void* data = nullptr;
  if (!TIFFGetField(tiff, TIFFTAG_ICCPROFILE, &size, &data)) return {};
  return {static_cast<const std::byte*>(data), size};
}

Header read_tiff_header(Bytes file) {
  Source source{.file = file};
  const Handle tiff = open(source);
  if (field<std::uint32_t>(tiff.get(), TIFFTAG_SUBFILETYPE, 0) & FILETYPE_REDUCEDIMAGE)
    throw InputError("a camera's raw file, of which only the preview could be read", {}, "export it as JPEG or PNG");
  const auto width = field<std::uint32_t>(tiff.get(), TIFFTAG_IMAGEWIDTH, 0);
  const auto height = field<std::uint32_t>(tiff.get(), TIFFTAG_IMAGELENGTH, 0);
  if (width > 0x7FFFFFFF || height > 0x7FFFFFFF) throw_damaged("TIFF", "its size makes no sense");
  const auto orientation = field<std::uint16_t>(tiff.get(), TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
  return {.width = static_cast<int>(width),
          .height = static_cast<int>(height),
          .orientation = orientation >= 1 && orientation <= 8 ? orientation : 1,
          .color = color_of(field<std::uint16_t>(tiff.get(), TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK)),
          .bits = field<std::uint16_t>(tiff.get(), TIFFTAG_BITSPERSAMPLE, 1),
          .alpha = has_alpha(tiff.get()),
          .profile = foreign_profile(profile_of(tiff.get()))};
}

/// Where samples stand: interleaved in one plane, or one plane a channel.
struct Layout {
  std::uint32_t width = 0, height = 0;
  std::uint16_t samples = 1, photometric = PHOTOMETRIC_MINISBLACK;
  bool planar = false;
};

/// Fills one block (a strip or a tile) of upper bytes into the interleaved samples.
class Block16 {
 public:
  Block16(const Layout& layout, std::vector<std::uint8_t>& samples) : layout_(layout), samples_(samples) {}

  void put(const std::uint16_t* block, std::uint32_t x0, std::uint32_t y0, std::uint32_t block_width,
           std::uint32_t rows, std::uint16_t plane) {
    const std::uint32_t columns = std::min(block_width, layout_.width - x0);
    const std::size_t channels = layout_.planar ? 1 : layout_.samples;
    for (std::uint32_t y = 0; y < std::min(rows, layout_.height - y0); ++y) {
      for (std::uint32_t x = 0; x < columns; ++x) {
        for (std::size_t c = 0; c < channels; ++c) {
          const std::uint16_t value = block[(std::size_t{y} * block_width + x) * channels + c];
          const std::size_t pixel = std::size_t{y0 + y} * layout_.width + x0 + x;
          samples_[pixel * layout_.samples + plane + c] = static_cast<std::uint8_t>(value >> 8);
        }
      }
    }
  }

 private:
  const Layout& layout_;
  std::vector<std::uint8_t>& samples_;
};

bool read_tiles(TIFF* tiff, const Layout& layout, Block16 target) {
  const auto tile_width = field<std::uint32_t>(tiff, TIFFTAG_TILEWIDTH, 0);
  const auto tile_height = field<std::uint32_t>(tiff, TIFFTAG_TILELENGTH, 0);
  const tmsize_t size = TIFFTileSize(tiff);
  const std::uint64_t expected = std::uint64_t{tile_width} * tile_height * (layout.planar ? 1U : layout.samples) * 2U;
  if (expected == 0 || size < 0 || static_cast<std::uint64_t>(size) != expected || expected > (std::uint64_t{1} << 30))
    return false;
  std::vector<std::uint16_t> block(static_cast<std::size_t>(size) / 2);
  for (std::uint16_t plane = 0; plane < (layout.planar ? layout.samples : 1); ++plane) {
    for (std::uint32_t y = 0; y < layout.height; y += tile_height) {
      for (std::uint32_t x = 0; x < layout.width; x += tile_width) {
        if (TIFFReadTile(tiff, block.data(), x, y, 0, plane) != size) return false;
        target.put(block.data(), x, y, tile_width, tile_height, plane);
      }
    }
  }
  return true;
}

bool read_strips(TIFF* tiff, const Layout& layout, Block16 target) {
  const auto rows_per_strip = std::min(field<std::uint32_t>(tiff, TIFFTAG_ROWSPERSTRIP, layout.height), layout.height);
  const std::uint64_t row = std::uint64_t{layout.width} * (layout.planar ? 1U : layout.samples) * 2U;
  if (rows_per_strip == 0 || static_cast<std::uint64_t>(TIFFScanlineSize(tiff)) != row) return false;
  std::vector<std::uint16_t> block(row / 2 * rows_per_strip);
  for (std::uint16_t plane = 0; plane < (layout.planar ? layout.samples : 1); ++plane) {
    for (std::uint32_t y = 0; y < layout.height; y += rows_per_strip) {
      const std::uint32_t rows = std::min(rows_per_strip, layout.height - y);
      const auto size = static_cast<tmsize_t>(row * rows);
      if (TIFFReadEncodedStrip(tiff, TIFFComputeStrip(tiff, y, plane), block.data(), size) != size) return false;
      target.put(block.data(), 0, y, layout.width, rows, plane);
    }
  }
  return true;
}

/// libtiff's own conversion rounds 16 bits to 8; ours keeps the upper byte, as for PNG.
Image read_16_bit(TIFF* tiff, const Layout& layout, const Source& source) {
  const bool grey = layout.photometric != PHOTOMETRIC_RGB;
  if (layout.samples < (grey ? 1 : 3) || layout.samples > 8)
    throw_damaged("TIFF", "an impossible number of samples for its colours");
  std::vector<std::uint8_t> samples(std::size_t{layout.width} * layout.height * layout.samples);
  const Block16 target(layout, samples);
  const bool done = TIFFIsTiled(tiff) ? read_tiles(tiff, layout, target) : read_strips(tiff, layout, target);
  if (!done || source.message[0] != 0) fail(source);

  std::uint16_t extra_count = 0;
  std::uint16_t* extra = nullptr;
  TIFFGetFieldDefaulted(tiff, TIFFTAG_EXTRASAMPLES, &extra_count, &extra);
  const std::uint16_t alpha_kind = extra_count > 0 && extra != nullptr ? extra[0] : std::uint16_t{0};
  const std::size_t colors = grey ? 1 : 3;
  const bool has_alpha = alpha_kind != EXTRASAMPLE_UNSPECIFIED && layout.samples > colors;
  Image image(static_cast<int>(layout.width), static_cast<int>(layout.height));
  for (std::size_t i = 0, n = image.pixels.size() / 3; i < n; ++i) {
    const std::uint8_t* pixel = samples.data() + i * layout.samples;
    const unsigned alpha = has_alpha ? pixel[colors] : 255U;
    for (std::size_t c = 0; c < 3; ++c) {
      unsigned value = pixel[grey ? 0 : c];
      if (layout.photometric == PHOTOMETRIC_MINISWHITE) value = 255U - value;
      image.pixels[3 * i + c] = alpha_kind == EXTRASAMPLE_ASSOCALPHA
                                    ? static_cast<std::uint8_t>(std::min(255U, value + 255U - alpha))
                                    : over_white(value, alpha);
    }
  }
  return image;
}

/// Everything else that baseline TIFF knows, by libtiff's converter; its alpha is premultiplied.
Image read_by_converter(TIFF* tiff, const Layout& layout, const Source& source) {
  char reason[1024] = {};
  if (!TIFFRGBAImageOK(tiff, reason))
    throw InputError(std::string("a TIFF of a kind that is not read: ") + reason, {},
                     "save it as an 8-bit RGB TIFF or PNG");
  std::vector<std::uint32_t> raster(std::size_t{layout.width} * layout.height);
  // Rows as stored: the orientation is applied later, for all formats alike.
  TIFFSetField(tiff, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
  if (!TIFFReadRGBAImageOriented(tiff, layout.width, layout.height, raster.data(), ORIENTATION_TOPLEFT, 1) ||
      source.message[0] != 0)
    fail(source);
  Image image(static_cast<int>(layout.width), static_cast<int>(layout.height));
  for (std::size_t i = 0; i < raster.size(); ++i) {
    const std::uint32_t ground = 255U - TIFFGetA(raster[i]);
    const std::uint32_t rgb[] = {TIFFGetR(raster[i]), TIFFGetG(raster[i]), TIFFGetB(raster[i])};
    for (std::size_t c = 0; c < 3; ++c)
      image.pixels[3 * i + c] = static_cast<std::uint8_t>(std::min(255U, rgb[c] + ground));
  }
  return image;
}

Image read_tiff(Bytes file, const Header& header) {
  Source source{.file = file};
  const Handle tiff = open(source);
  source.reading_pixels = true;
  source.past_end = false;
  const Layout layout{
      .width = static_cast<std::uint32_t>(header.width),
      .height = static_cast<std::uint32_t>(header.height),
      .samples = field<std::uint16_t>(tiff.get(), TIFFTAG_SAMPLESPERPIXEL, 1),
      .photometric = field<std::uint16_t>(tiff.get(), TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK),
      .planar = field<std::uint16_t>(tiff.get(), TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) == PLANARCONFIG_SEPARATE};
  const auto bits = field<std::uint16_t>(tiff.get(), TIFFTAG_BITSPERSAMPLE, 1);
  const auto sample_format = field<std::uint16_t>(tiff.get(), TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT);
  if (sample_format != SAMPLEFORMAT_UINT)
    throw InputError("a TIFF of signed or floating-point numbers, which is not read", {},
                     "save it as an 8-bit RGB TIFF or PNG");
  const bool plain = layout.photometric == PHOTOMETRIC_RGB || layout.photometric == PHOTOMETRIC_MINISBLACK ||
                     layout.photometric == PHOTOMETRIC_MINISWHITE;
  return bits == 16 && plain ? read_16_bit(tiff.get(), layout, source) : read_by_converter(tiff.get(), layout, source);
}

}  // namespace

const Codec& tiff_codec() {
  static constexpr Codec codec{read_tiff_header, read_tiff};
  return codec;
}

}  // namespace naevus::image
