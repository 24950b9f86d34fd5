#pragma once
#include <string>
#include <string_view>

#include "naevus/image/image.hpp"

namespace naevus::image {

/// A number's bytes, the lowest first.
inline std::string little_endian(std::size_t value, std::size_t bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i));
  return text;
}

enum class Coding { explicit_vr, implicit_vr };

inline std::string tag_of(unsigned tag) {
  return little_endian(tag >> 16, 2) + little_endian(tag & 0xFFFFU, 2);
}

/// One element (PS3.5, 7.1); its value is made even.
inline std::string element(unsigned tag, const std::string& vr, std::string value,
                           Coding coding = Coding::explicit_vr) {
  if (value.size() % 2 != 0) value += vr == "UI" ? '\0' : ' ';
  if (coding == Coding::implicit_vr) return tag_of(tag) + little_endian(value.size(), 4) + value;
  const bool long_form = vr == "OB" || vr == "OW" || vr == "SQ" || vr == "UN";
  return tag_of(tag) + vr + (long_form ? std::string(2, '\0') : "") + little_endian(value.size(), long_form ? 4 : 2) +
         value;
}

/// A sequence's begin, its length left open.
inline std::string open_sequence(unsigned tag, const std::string& vr = "SQ") {
  return tag_of(tag) + vr + std::string(2, '\0') + little_endian(0xFFFFFFFF, 4);
}

const std::string open_item = tag_of(0xFFFEE000) + little_endian(0xFFFFFFFF, 4);
const std::string end_of_item = tag_of(0xFFFEE00D) + little_endian(0, 4);
const std::string end_of_sequence = tag_of(0xFFFEE0DD) + little_endian(0, 4);

inline std::string fragment(const std::string& bytes) {
  return tag_of(0xFFFEE000) + little_endian(bytes.size(), 4) + bytes;
}

/// A DICOM file of a photograph, written by hand; what a test changes of it is a field here.
struct DicomFile {
  std::string syntax = "1.2.840.10008.1.2.1";
  std::string sop_class = "1.2.840.10008.5.1.4.1.1.77.1.7";
  std::string modality = "DMS";
  std::string before;  ///< elements that stand before the picture's own
  std::string frames;
  std::size_t width = 0, height = 0, samples = 3, planar = 0, bits = 8;
  std::string photometric = "RGB";
  std::string pixels;  ///< the element's value, or its fragments
  bool encapsulated = false;

  std::string header() const {
    const std::string meta =
        element(0x00020002, "UI", sop_class) + element(0x00020003, "UI", "2.25.1") + element(0x00020010, "UI", syntax);
    return std::string(128, '\0') + "DICM" + element(0x00020000, "UL", little_endian(meta.size(), 4)) + meta;
  }
  std::string bytes() const {
    const Coding coding = syntax == "1.2.840.10008.1.2" ? Coding::implicit_vr : Coding::explicit_vr;
    const auto number = [&](unsigned tag, std::size_t value) {
      return element(tag, "US", little_endian(value, 2), coding);
    };
    std::string file = header() + element(0x00080016, "UI", sop_class, coding) +
                       element(0x00080060, "CS", modality, coding) + before + number(0x00280002, samples) +
                       element(0x00280004, "CS", photometric, coding) + number(0x00280006, planar);
    if (!frames.empty()) file += element(0x00280008, "IS", frames, coding);
    file += number(0x00280010, height) + number(0x00280011, width) + number(0x00280100, bits) +
            number(0x00280101, bits) + number(0x00280102, bits - 1) + number(0x00280103, 0);
    return file + (encapsulated ? open_sequence(0x7FE00010, "OB") + pixels + end_of_sequence
                                : element(0x7FE00010, "OB", pixels, coding));
  }
};

/// The picture uncompressed, as RGB.
inline DicomFile dicom_of(const Image& image) {
  return {.width = static_cast<std::size_t>(image.width),
          .height = static_cast<std::size_t>(image.height),
          .pixels = std::string(image.pixels.begin(), image.pixels.end())};
}

/// The same as a JPEG in two fragments, behind a table of offsets that is empty.
inline DicomFile dicom_of(const Image& image, const std::string& jpeg) {
  DicomFile file = dicom_of(image);
  const std::size_t half = jpeg.size() / 4 * 2;
  file.syntax = "1.2.840.10008.1.2.4.50";
  file.photometric = "YBR_FULL_422";
  file.pixels = fragment("") + fragment(jpeg.substr(0, half)) + fragment(jpeg.substr(half));
  file.encapsulated = true;
  return file;
}

}  // namespace naevus::image
