#include <png.h>
#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "codec.hpp"
#include "icc.hpp"
#include "naevus/base/error.hpp"
#include "naevus/image/encode.hpp"

namespace naevus::image {
namespace {

constexpr std::size_t signature_size = 8;

struct Chunk {
  std::string_view type;
  Bytes data;
};

/// Walks a PNG's chunks: length, type, data, check sum (PNG specification, third edition, 5.3).
class ChunkWalk {
 public:
  explicit ChunkWalk(Bytes file) : rest_(file.subspan(std::min(file.size(), signature_size))) {}

  /// Nothing at the end of the file, or where a chunk is cut short.
  std::optional<Chunk> next() {
    constexpr std::size_t overhead = 12;
    if (rest_.size() < overhead) return std::nullopt;
    const std::size_t length = number(0);
    if (length > rest_.size() - overhead) return std::nullopt;
    const Chunk chunk{{reinterpret_cast<const char*>(rest_.data()) + 4, 4}, rest_.subspan(8, length)};
    rest_ = rest_.subspan(overhead + length);
    return chunk;
  }

 private:
  std::uint32_t number(std::size_t i) const {
    return std::uint32_t{byte_at(rest_, i)} << 24 | std::uint32_t{byte_at(rest_, i + 1)} << 16 |
           std::uint32_t{byte_at(rest_, i + 2)} << 8 | byte_at(rest_, i + 3);
  }
  Bytes rest_;
};

int big_endian(Bytes data, std::size_t i) {
  return static_cast<int>((std::uint32_t{byte_at(data, i)} & 0x7FU) << 24 | std::uint32_t{byte_at(data, i + 1)} << 16 |
                          std::uint32_t{byte_at(data, i + 2)} << 8 | byte_at(data, i + 3));
}

/// Depth and colour type (PNG specification, third edition, 11.2.1).
void set_color(Bytes ihdr, Header& header) {
  constexpr unsigned palette = 1, color = 2, alpha = 4;
  const unsigned type = byte_at(ihdr, 9);
  header.bits = byte_at(ihdr, 8);
  header.alpha = (type & alpha) != 0;
  if ((type & palette) != 0)
    header.color = ColorModel::palette;
  else
    header.color = (type & color) != 0 ? ColorModel::rgb : ColorModel::grey;
}

/// An iCCP chunk's profile: name, 0, method, deflated data. No more is unpacked than any tag of interest needs.
std::vector<std::byte> inflated_profile(Bytes chunk) {
  constexpr std::size_t most = 64 << 10;
  const auto name_end = std::ranges::find(chunk, std::byte{0});
  std::vector<std::byte> profile(most);
  if (chunk.end() - name_end < 2) return {std::byte{0}};
  const Bytes packed = chunk.subspan(static_cast<std::size_t>(name_end - chunk.begin()) + 2);
  z_stream stream{};
  stream.next_in = const_cast<Bytef*>(data_of(packed));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(profile.data());
  stream.avail_out = static_cast<uInt>(most);
  if (inflateInit(&stream) != Z_OK) throw std::bad_alloc();
  inflate(&stream, Z_SYNC_FLUSH);
  // One byte stands for a profile that can't be read: it is none of sRGB's.
  profile.resize(std::max<std::size_t>(stream.total_out, 1));
  inflateEnd(&stream);
  return profile;
}

Header read_png_header(Bytes file) {
  ChunkWalk walk(file);
  const auto first = walk.next();
  if (!first) throw_truncated("PNG");
  if (first->type != "IHDR" || first->data.size() != 13) throw_damaged("PNG", "its header chunk is missing");
  Header header{.width = big_endian(first->data, 0), .height = big_endian(first->data, 4)};
  set_color(first->data, header);
  while (const auto chunk = walk.next()) {
    if (chunk->type == "acTL") throw_animated("PNG");
    if (chunk->type == "tRNS") header.alpha = true;
    if (chunk->type == "iCCP") header.profile = foreign_profile(inflated_profile(chunk->data));
    if (chunk->type == "eXIf") header.orientation = exif_orientation(chunk->data);
  }
  return header;
}

/// What libpng's callbacks share; its errors leave by longjmp, so no function below holds a C++ object across one.
struct Session {
  char message[256] = {};
  bool truncated = false;
  Bytes rest;
};

void on_error(png_structp png, png_const_charp message) {
  auto* session = static_cast<Session*>(png_get_error_ptr(png));
  std::strncpy(session->message, message, sizeof session->message - 1);
  png_longjmp(png, 1);
}

void on_read(png_structp png, png_bytep to, std::size_t count) {
  auto* session = static_cast<Session*>(png_get_io_ptr(png));
  if (session->rest.size() < count) {
    session->truncated = true;
    png_error(png, "the file ends early");
  }
  std::memcpy(to, session->rest.data(), count);
  session->rest = session->rest.subspan(count);
}

class Reader {
 public:
  explicit Reader(Bytes file) {
    session_.rest = file;
    // A warning means that libpng mends or makes up something: it counts as an error.
    png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, &session_, on_error, on_error);
    if (png_ != nullptr) info_ = png_create_info_struct(png_);
    if (info_ == nullptr) throw std::bad_alloc();
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader() { png_destroy_read_struct(&png_, &info_, nullptr); }

  /// Afterwards rows come as 8-bit RGBA.
  void start(const Header& header) {
    if (!try_start(header)) fail();
  }
  void read_rows(png_bytepp rows) {
    if (!try_rows(rows)) fail();
  }

 private:
  [[noreturn]] void fail() const {
    if (session_.truncated) throw_truncated("PNG");
    throw_damaged("PNG", session_.message);
  }

  bool try_start(const Header& header) {
    if (setjmp(png_jmpbuf(png_))) return false;
    png_set_read_fn(png_, &session_, on_read);
    // Profiles, texts and the rest are passed over unread: no decompression of what is dropped anyway.
    png_set_keep_unknown_chunks(png_, PNG_HANDLE_CHUNK_NEVER, nullptr, -1);
    png_set_user_limits(png_, static_cast<png_uint_32>(header.width), static_cast<png_uint_32>(header.height));
    png_read_info(png_, info_);
    png_set_expand(png_);
    png_set_strip_16(png_);
    png_set_gray_to_rgb(png_);
    png_set_add_alpha(png_, 0xFF, PNG_FILLER_AFTER);
    png_set_interlace_handling(png_);
    png_read_update_info(png_, info_);
    if (png_get_rowbytes(png_, info_) != 4 * static_cast<std::size_t>(header.width))
      png_error(png_, "an impossible combination of depth and colour type");
    return true;
  }

  bool try_rows(png_bytepp rows) {
    if (setjmp(png_jmpbuf(png_))) return false;
    png_read_image(png_, rows);
    png_read_end(png_, nullptr);
    return true;
  }

  Session session_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
};

Image read_png(Bytes file, const Header& header) {
  Reader reader(file);
  reader.start(header);
  const auto width = static_cast<std::size_t>(header.width), height = static_cast<std::size_t>(header.height);
  std::vector<std::uint8_t> rgba(4 * width * height);
  std::vector<png_bytep> rows(height);
  for (std::size_t y = 0; y < height; ++y) rows[y] = rgba.data() + 4 * width * y;
  reader.read_rows(rows.data());
  return flatten_rgba(rgba, header.width, header.height);
}

}  // namespace

const Codec& png_codec() {
  static constexpr Codec codec{read_png_header, read_png};
  return codec;
}

std::vector<std::byte> encode_png(const Image& image) {
  png_image control{};
  control.version = PNG_IMAGE_VERSION;
  control.width = static_cast<png_uint_32>(image.width);
  control.height = static_cast<png_uint_32>(image.height);
  control.format = PNG_FORMAT_RGB;
  std::vector<std::byte> file(PNG_IMAGE_PNG_SIZE_MAX(control));
  png_alloc_size_t size = file.size();
  if (png_image_write_to_memory(&control, file.data(), &size, 0, image.pixels.data(), 0, nullptr) == 0)
    throw Error(std::string("can't write the PNG: ") + control.message);
  file.resize(size);
  return file;
}

}  // namespace naevus::image
