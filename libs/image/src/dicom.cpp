#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "codec.hpp"
#include "dicom_elements.hpp"
#include "dicom_names.hpp"
#include "naevus/base/error.hpp"

namespace naevus::image {
namespace {

[[noreturn]] void refuse(const std::string& what) {
  throw InputError(fmt::format("a DICOM photograph {}, which is not read", what), {},
                   "export it as JPEG or PNG from the DICOM viewer");
}

/// What is no photograph of the skin, or of a form that is not read.
/// @throws InputError
void judge(const DicomAttributes& dicom) {
  if (!is_photograph(dicom.sop_class))
    throw InputError(fmt::format("{}, not a photograph of the skin", name_of_object(dicom.sop_class, dicom.modality)),
                     {}, "of DICOM, Dermoscopic and VL Photographic Image Storage are read");
  if (!dicom.has_pixels) throw_truncated("DICOM file");
  if (!dicom.frames.empty() && dicom.frames != "1") throw_animated("DICOM file");
  if (dicom.bits_allocated != 8 || dicom.bits_stored != 8 || dicom.high_bit != 7 || dicom.is_signed != 0)
    refuse(fmt::format("of {} bits a sample", dicom.bits_stored));
  const bool color = dicom.samples == 3 && (dicom.photometric == "RGB" || dicom.photometric == "YBR_FULL" ||
                                            dicom.photometric == "YBR_FULL_422");
  if (!color && (dicom.samples != 1 || dicom.photometric != "MONOCHROME2"))
    refuse(fmt::format("of {} samples a pixel as {}", dicom.samples,
                       dicom.photometric.empty() ? "nothing that it names" : dicom.photometric));
  if (dicom.planar > 1) throw_damaged("DICOM file", "its samples are in no known order");
  const bool compressed = dicom.transfer_syntax == jpeg_baseline || dicom.transfer_syntax == rle_lossless;
  if (compressed != dicom.encapsulated) throw_damaged("DICOM file", "its pixels are not coded as its header says");
}

/// The JPEG inside. Where the header says RGB and the JPEG names no colours, RGB it is: so says an Adobe marker put
/// before its own, which have the last word.
std::vector<std::byte> jpeg_of(const DicomAttributes& dicom) {
  std::vector<std::byte> jpeg = join_fragments(dicom.pixels);
  if (jpeg.size() < 3 || jpeg[0] != std::byte{0xFF} || jpeg[1] != std::byte{0xD8})
    throw_damaged("DICOM file", "the JPEG in it is none");
  if (dicom.photometric == "RGB") {
    constexpr std::string_view marker(
        "\xFF\xEE\0\x0E"
        "Adobe\0\x64\0\0\0\0\0",
        16);
    const auto bytes = std::as_bytes(std::span(marker));
    jpeg.insert(jpeg.begin() + 2, bytes.begin(), bytes.end());
  }
  return jpeg;
}

Header read_dicom_header(Bytes file) {
  const DicomAttributes dicom = read_dicom_attributes(file);
  judge(dicom);
  Header header{.width = dicom.columns,
                .height = dicom.rows,
                .color = dicom.samples == 1 ? ColorModel::grey : ColorModel::rgb,
                .bits = dicom.bits_stored};
  if (dicom.transfer_syntax == jpeg_baseline) {
    const Header inner = jpeg_codec().header(jpeg_of(dicom));
    if (inner.width != header.width || inner.height != header.height)
      throw_damaged("DICOM file", fmt::format("its header says {} x {} pixels, the JPEG in it {} x {}", header.width,
                                              header.height, inner.width, inner.height));
    header.profile = inner.profile;
  }
  return header;
}

std::uint8_t rounded(double value) {
  return static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0, 255.0)));
}

/// PS3.3, C.7.6.3.1.2, solved for RGB: JPEG's colours too.
void luma_chroma_to_rgb(std::uint8_t* pixel) {
  const double y = pixel[0], blue = pixel[1] - 128.0, red = pixel[2] - 128.0;
  pixel[0] = rounded(y + 1.402 * red);
  pixel[1] = rounded(y - 0.344136 * blue - 0.714136 * red);
  pixel[2] = rounded(y + 1.772 * blue);
}

/// Samples as uncompressed pixels hold them, into triples.
/// @param halved  two pixels share their chroma: Y Y Cb Cr
void spread(Bytes samples, const DicomAttributes& dicom, bool planar, bool halved, Image& image) {
  const std::size_t count = image.pixels.size() / 3;
  const std::uint8_t* const from = data_of(samples);
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t c = 0; c < 3; ++c) {
      std::size_t at = planar ? c * count + i : 3 * i + c;
      if (dicom.samples == 1) at = i;
      if (halved) at = i / 2 * 4 + (c == 0 ? i % 2 : c + 1);
      image.pixels[3 * i + c] = from[at];
    }
  if (dicom.samples == 3 && dicom.photometric != "RGB")
    for (std::size_t i = 0; i < count; ++i) luma_chroma_to_rgb(image.pixels.data() + 3 * i);
}

Image read_dicom(Bytes file, const Header& header) {
  const DicomAttributes dicom = read_dicom_attributes(file);
  if (dicom.transfer_syntax == jpeg_baseline) return jpeg_codec().pixels(jpeg_of(dicom), header);

  const auto planes = static_cast<std::size_t>(dicom.samples);
  const std::size_t samples = static_cast<std::size_t>(header.width) * static_cast<std::size_t>(header.height);
  if (dicom.transfer_syntax == rle_lossless) {
    const auto unpacked = unpack_run_lengths(join_fragments(dicom.pixels), planes, samples);
    Image image(header.width, header.height);
    spread(std::as_bytes(std::span(unpacked)), dicom, true, false, image);
    return image;
  }
  const bool halved = dicom.photometric == "YBR_FULL_422";
  if (halved && (dicom.columns % 2 != 0 || dicom.planar != 0))
    throw_damaged("DICOM file", "halved chroma in rows of odd length, or in planes");
  const std::size_t due = halved ? 2 * samples : planes * samples;
  if (dicom.pixels.size() < due && dicom.missing > 0) throw_truncated("DICOM file");
  if (dicom.pixels.size() + dicom.missing != due + due % 2)
    throw_damaged("DICOM file", fmt::format("it holds {} bytes of pixels, {} are due", dicom.pixels.size(), due));
  Image image(header.width, header.height);
  spread(dicom.pixels, dicom, dicom.planar == 1, halved, image);
  return image;
}

}  // namespace

const Codec& dicom_codec() {
  static constexpr Codec codec{read_dicom_header, read_dicom};
  return codec;
}

}  // namespace naevus::image
