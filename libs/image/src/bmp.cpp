#include <algorithm>
#include <bit>
#include <limits>

#include "codec.hpp"
#include "naevus/base/error.hpp"

// Read here and not by stb_image, which answers with uninitialised memory for a palette index past the palette's end.
namespace naevus::image {
namespace {

std::uint32_t little_endian(Bytes file, std::size_t offset, std::size_t size) {
  if (file.size() < offset + size) throw_truncated("BMP");
  std::uint32_t value = 0;
  for (std::size_t i = size; i-- > 0;) value = value << 8 | byte_at(file, offset + i);
  return value;
}

constexpr std::size_t file_header_size = 14;
constexpr std::uint32_t core_size = 12;  ///< BITMAPCOREHEADER, of OS/2; all later ones begin as BITMAPINFOHEADER does
constexpr std::uint32_t plain = 0, bit_fields = 3;

/// The headers' fields, judged.
struct Layout {
  std::size_t pixels = 0, palette = 0, palette_entry = 0, palette_count = 0;
  std::size_t width = 0, height = 0, stride = 0;
  unsigned bits = 0;
  bool top_down = false;
  std::uint32_t masks[3] = {};
};

[[noreturn]] void throw_senseless() {
  throw_damaged("BMP", "its header makes no sense");
}

Layout read_layout(Bytes file) {
  const std::uint32_t size = little_endian(file, file_header_size, 4);
  const bool core = size == core_size;
  if (!core && (size < 40 || size > 124)) throw_senseless();
  const auto width = static_cast<std::int32_t>(little_endian(file, 18, core ? 2 : 4));
  const auto height = static_cast<std::int32_t>(little_endian(file, core ? 20 : 22, core ? 2 : 4));
  if (width <= 0 || height == 0 || height == std::numeric_limits<std::int32_t>::min()) throw_senseless();

  Layout layout;
  layout.pixels = little_endian(file, 10, 4);
  layout.width = static_cast<std::size_t>(width);
  layout.top_down = height < 0;
  layout.height = static_cast<std::size_t>(height < 0 ? -height : height);
  layout.bits = little_endian(file, core ? 24 : 28, 2);
  layout.stride = (layout.width * layout.bits + 31) / 32 * 4;

  const std::uint32_t compression = core ? plain : little_endian(file, 30, 4);
  if (compression != plain && compression != bit_fields)
    throw InputError("a compressed BMP, which is not read", {}, "save it as PNG");
  const bool has_masks = compression == bit_fields;
  if (has_masks && layout.bits != 16 && layout.bits != 32) throw_senseless();
  for (std::size_t c = 0; c < 3; ++c) {
    const std::uint32_t usual = layout.bits == 16 ? 0x7C00U >> (5 * c) : 0xFF0000U >> (8 * c);
    layout.masks[c] = has_masks ? little_endian(file, file_header_size + 40 + 4 * c, 4) : usual;
    if (std::popcount(layout.masks[c]) > 8 || layout.masks[c] == 0) throw_senseless();
  }

  // Masks stand behind the oldest header, inside the later ones.
  layout.palette = file_header_size + size + (has_masks && size == 40 ? 12 : 0);
  if (layout.pixels < layout.palette) throw_senseless();
  switch (layout.bits) {
    case 1:
    case 4:
    case 8:
      layout.palette_entry = core ? 3 : 4;
      layout.palette_count =
          std::min((layout.pixels - layout.palette) / layout.palette_entry, std::size_t{1} << layout.bits);
      break;
    case 16:
    case 24:
    case 32:
      break;
    default:
      throw_senseless();
  }
  return layout;
}

Header read_bmp_header(Bytes file) {
  const Layout layout = read_layout(file);
  return {.width = static_cast<int>(layout.width),
          .height = static_cast<int>(layout.height),
          .color = layout.bits <= 8 ? ColorModel::palette : ColorModel::rgb,
          .bits = layout.bits <= 8 ? static_cast<int>(layout.bits) : 8};
}

void unpack_indices(const std::uint8_t* row, const Layout& layout, Bytes file, std::uint8_t* out) {
  const unsigned mask = (1U << layout.bits) - 1;
  for (std::size_t x = 0; x < layout.width; ++x, out += 3) {
    const std::size_t bit = x * layout.bits;
    const unsigned index = unsigned{row[bit / 8]} >> (8 - layout.bits - bit % 8) & mask;
    if (index >= layout.palette_count) throw_damaged("BMP", "a pixel's colour is not in its palette");
    for (std::size_t c = 0; c < 3; ++c) out[c] = byte_at(file, layout.palette + index * layout.palette_entry + 2 - c);
  }
}

void unpack_masked(const std::uint8_t* row, const Layout& layout, std::uint8_t* out) {
  const std::size_t bytes = layout.bits / 8;
  for (std::size_t x = 0; x < layout.width; ++x, row += bytes) {
    std::uint32_t value = 0;
    for (std::size_t i = bytes; i-- > 0;) value = value << 8 | row[i];
    for (const std::uint32_t mask : layout.masks) {
      const int shift = std::countr_zero(mask);
      const std::uint32_t most = mask >> shift;
      *out++ = static_cast<std::uint8_t>((((value & mask) >> shift) * 255U + most / 2) / most);
    }
  }
}

Image read_bmp(Bytes file, const Header& header) {
  const Layout layout = read_layout(file);
  // The last row's padding is often left out.
  const std::size_t needed = layout.stride * (layout.height - 1) + (layout.width * layout.bits + 7) / 8;
  if (layout.pixels > file.size() || file.size() - layout.pixels < needed) throw_truncated("BMP");
  Image image(header.width, header.height);
  for (std::size_t y = 0; y < layout.height; ++y) {
    const std::uint8_t* row = data_of(file) + layout.pixels + layout.stride * y;
    std::uint8_t* out = image.pixels.data() + 3 * layout.width * (layout.top_down ? y : layout.height - 1 - y);
    if (layout.bits < 16)
      unpack_indices(row, layout, file, out);
    else
      unpack_masked(row, layout, out);
  }
  return image;
}

}  // namespace

const Codec& bmp_codec() {
  static constexpr Codec codec{read_bmp_header, read_bmp};
  return codec;
}

}  // namespace naevus::image
