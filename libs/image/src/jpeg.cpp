#include <csetjmp>
#include <cstdio>
#include <cstring>
// libjpeg's header needs FILE and size_t first.
#include <jerror.h>
#include <jpeglib.h>

#include <limits>
#include <string>

#include "augment_camera.hpp"
#include "codec.hpp"
#include "icc.hpp"
#include "naevus/base/error.hpp"
#include "naevus/image/encode.hpp"

namespace naevus::image {
namespace {

/// A progressive file may repeat scans without end, each costing a pass over the picture; cameras and encoders write
/// about ten.
constexpr int max_scans = 100;

struct ErrorManager {
  jpeg_error_mgr base;
  std::jmp_buf jump;
  char message[JMSG_LENGTH_MAX];
  bool truncated;
  bool too_many_scans;
};

ErrorManager& errors_of(j_common_ptr info) {
  return *reinterpret_cast<ErrorManager*>(info->err);
}

[[noreturn]] void leave(j_common_ptr info) {
  ErrorManager& errors = errors_of(info);
  info->err->format_message(info, errors.message);
  errors.truncated = info->err->msg_code == JWRN_JPEG_EOF || info->err->msg_code == JERR_INPUT_EOF;
  std::longjmp(errors.jump, 1);
}

// A warning (level -1) means that libjpeg makes up pixels; traces are of no interest.
void on_message(j_common_ptr info, int level) {
  if (level < 0) leave(info);
}

void on_progress(j_common_ptr info) {
  if (reinterpret_cast<j_decompress_ptr>(info)->input_scan_number <= max_scans) return;
  ErrorManager& errors = errors_of(info);
  errors.too_many_scans = true;
  std::longjmp(errors.jump, 1);
}

jpeg_error_mgr* install(ErrorManager& errors) {
  jpeg_error_mgr* base = jpeg_std_error(&errors.base);
  base->error_exit = leave;
  base->emit_message = on_message;
  base->output_message = [](j_common_ptr) {};
  return base;
}

/// libjpeg leaves by longjmp, so each function that calls setjmp holds no C++ objects; they live in the caller.
class Decompressor {
 public:
  explicit Decompressor(Bytes file) : file_(file) { info_.err = install(errors_); }
  Decompressor(const Decompressor&) = delete;
  Decompressor& operator=(const Decompressor&) = delete;
  ~Decompressor() { jpeg_destroy_decompress(&info_); }

  const jpeg_decompress_struct& info() const { return info_; }

  void read_header() {
    if (!try_header()) fail();
  }
  void start() {
    if (!try_start()) fail();
  }
  /// @param scratch  one row of CMYK samples, or null where the rows are RGB
  void read_rows(std::uint8_t* rgb, std::uint8_t* scratch) {
    if (!try_rows(rgb, scratch)) fail();
  }

 private:
  [[noreturn]] void fail() const {
    if (errors_.too_many_scans) throw_damaged("JPEG", "it repeats its scans more than 100 times");
    if (errors_.truncated) throw_truncated("JPEG");
    throw_damaged("JPEG", errors_.message);
  }

  bool try_header() {
    if (setjmp(errors_.jump)) return false;
    jpeg_create_decompress(&info_);
    jpeg_mem_src(&info_, data_of(file_), static_cast<unsigned long>(file_.size()));
    jpeg_save_markers(&info_, JPEG_APP0 + 1, 0xFFFF);
    jpeg_save_markers(&info_, JPEG_APP0 + 2, 0xFFFF);
    jpeg_read_header(&info_, TRUE);
    return true;
  }

  bool try_start() {
    if (setjmp(errors_.jump)) return false;
    progress_.progress_monitor = on_progress;
    info_.progress = &progress_;
    const bool inks = info_.jpeg_color_space == JCS_CMYK || info_.jpeg_color_space == JCS_YCCK;
    info_.out_color_space = inks ? JCS_CMYK : JCS_RGB;
    jpeg_start_decompress(&info_);
    return true;
  }

  bool try_rows(std::uint8_t* rgb, std::uint8_t* scratch) {
    if (setjmp(errors_.jump)) return false;
    const std::size_t stride = std::size_t{3} * info_.output_width;
    while (info_.output_scanline < info_.output_height) {
      std::uint8_t* target = rgb + stride * info_.output_scanline;
      JSAMPROW row = scratch != nullptr ? scratch : target;
      jpeg_read_scanlines(&info_, &row, 1);
      if (scratch != nullptr) inks_to_rgb(scratch, target, info_.output_width);
    }
    jpeg_finish_decompress(&info_);
    return true;
  }

  /// Inverted inks, as every program writes them (Adobe's habit), by Pillow's formula.
  static void inks_to_rgb(const std::uint8_t* inks, std::uint8_t* rgb, unsigned width) {
    for (unsigned x = 0; x < width; ++x, inks += 4, rgb += 3) {
      const int light = inks[3];
      for (int c = 0; c < 3; ++c) {
        const int product = (255 - inks[c]) * light + 128;
        const int value = light - ((product + (product >> 8)) >> 8);
        rgb[c] = static_cast<std::uint8_t>(value < 0 ? 0 : value);
      }
    }
  }

  Bytes file_;
  ErrorManager errors_{};
  jpeg_progress_mgr progress_{};
  jpeg_decompress_struct info_{};
};

int orientation_of(const jpeg_decompress_struct& info) {
  constexpr char signature[] = {'E', 'x', 'i', 'f', 0, 0};
  for (const auto* marker = info.marker_list; marker != nullptr; marker = marker->next) {
    if (marker->marker != JPEG_APP0 + 1 || marker->data_length < sizeof signature) continue;
    if (std::memcmp(marker->data, signature, sizeof signature) != 0) continue;
    return exif_orientation(std::as_bytes(std::span(marker->data, marker->data_length)).subspan(sizeof signature));
  }
  return 1;
}

ColorModel color_of(const jpeg_decompress_struct& info) {
  switch (info.jpeg_color_space) {
    case JCS_GRAYSCALE:
      return ColorModel::grey;
    case JCS_CMYK:
    case JCS_YCCK:
      return ColorModel::inks;
    case JCS_YCbCr:
    case JCS_RGB:
      return ColorModel::rgb;
    default:
      return ColorModel::other;
  }
}

/// A colour profile comes in numbered parts, one a marker (ICC.1:2022, annex B.4); they stand in order in practice.
std::vector<std::byte> profile_of(const jpeg_decompress_struct& info) {
  constexpr char signature[] = "ICC_PROFILE";
  constexpr std::size_t head = sizeof signature + 2;  // the part's number and how many there are
  std::vector<std::byte> profile;
  for (const auto* marker = info.marker_list; marker != nullptr; marker = marker->next) {
    if (marker->marker != JPEG_APP0 + 2 || marker->data_length < head) continue;
    if (std::memcmp(marker->data, signature, sizeof signature) != 0) continue;
    const auto part = std::as_bytes(std::span(marker->data, marker->data_length)).subspan(head);
    profile.insert(profile.end(), part.begin(), part.end());
  }
  return profile;
}

Header read_jpeg_header(Bytes file) {
  Decompressor jpeg(file);
  jpeg.read_header();
  return {.width = static_cast<int>(jpeg.info().image_width),
          .height = static_cast<int>(jpeg.info().image_height),
          .orientation = orientation_of(jpeg.info()),
          .color = color_of(jpeg.info()),
          .bits = jpeg.info().data_precision,
          .profile = foreign_profile(profile_of(jpeg.info()))};
}

Image read_jpeg(Bytes file, const Header& header) {
  Image image(header.width, header.height);
  Decompressor jpeg(file);
  jpeg.read_header();
  jpeg.start();
  std::vector<std::uint8_t> scratch;
  if (jpeg.info().out_color_space == JCS_CMYK) scratch.resize(4 * static_cast<std::size_t>(header.width));
  jpeg.read_rows(image.pixels.data(), scratch.empty() ? nullptr : scratch.data());
  return image;
}

enum class Chroma { full, halved };

/// Owns the compressor and the buffer that jpeg_mem_dest allocates.
class Compressor {
 public:
  Compressor() { info_.err = install(errors_); }
  Compressor(const Compressor&) = delete;
  Compressor& operator=(const Compressor&) = delete;
  ~Compressor() {
    jpeg_destroy_compress(&info_);
    std::free(buffer_);
  }

  std::span<const std::byte> compress(const Image& image, int quality, Chroma chroma) {
    if (!try_compress(image, quality, chroma)) throw Error(std::string("can't write the JPEG: ") + errors_.message);
    return std::as_bytes(std::span(buffer_, size_));
  }

 private:
  bool try_compress(const Image& image, int quality, Chroma chroma) {
    if (setjmp(errors_.jump)) return false;
    jpeg_create_compress(&info_);
    jpeg_mem_dest(&info_, &buffer_, &size_);
    info_.image_width = static_cast<JDIMENSION>(image.width);
    info_.image_height = static_cast<JDIMENSION>(image.height);
    info_.input_components = 3;
    info_.in_color_space = JCS_RGB;
    jpeg_set_defaults(&info_);
    jpeg_set_quality(&info_, quality, TRUE);
    for (int c = 0; c < 3; ++c) info_.comp_info[c].h_samp_factor = info_.comp_info[c].v_samp_factor = 1;
    if (chroma == Chroma::halved) info_.comp_info[0].h_samp_factor = info_.comp_info[0].v_samp_factor = 2;
    jpeg_start_compress(&info_, TRUE);
    while (info_.next_scanline < info_.image_height) {
      auto* row = const_cast<std::uint8_t*>(image.at(0, static_cast<int>(info_.next_scanline)));
      jpeg_write_scanlines(&info_, &row, 1);
    }
    jpeg_finish_compress(&info_);
    return true;
  }

  ErrorManager errors_{};
  jpeg_compress_struct info_{};
  unsigned char* buffer_ = nullptr;
  unsigned long size_ = 0;
};

}  // namespace

const Codec& jpeg_codec() {
  static constexpr Codec codec{read_jpeg_header, read_jpeg};
  return codec;
}

std::vector<std::byte> encode_jpeg(const Image& image, int quality) {
  if (quality < 1 || quality > 100) throw UsageError("a JPEG's quality is 1 to 100");
  Compressor compressor;
  const auto file = compressor.compress(image, quality, Chroma::full);
  return {file.begin(), file.end()};
}

void leave_jpeg_traces(Image& image, int quality) {
  Compressor compressor;
  Decompressor jpeg(compressor.compress(image, quality, Chroma::halved));
  jpeg.read_header();
  jpeg.start();
  jpeg.read_rows(image.pixels.data(), nullptr);
}

}  // namespace naevus::image
