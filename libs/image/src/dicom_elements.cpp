#include "dicom_elements.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "dicom_names.hpp"
#include "naevus/base/error.hpp"

// Read here and not by DCMTK 3.6.7: sequences nested 10,000 deep, in a file of 160 KB, overflow its stack; its
// libraries would cost every start of the program some milliseconds, and its dictionary is a file, which a decoder may
// not open.
namespace naevus::image {
namespace {

constexpr std::uint32_t undefined = 0xFFFFFFFF;
constexpr std::uint32_t item = 0xFFFEE000, item_end = 0xFFFEE00D, sequence_end = 0xFFFEE0DD;
constexpr std::uint32_t pixel_data = 0x7FE00010;
constexpr std::size_t preamble = 132;  ///< with "DICM"

struct Element {
  std::uint32_t tag = 0;          ///< group and element
  bool coded_implicitly = false;  ///< what it holds, should it be a sequence
  std::uint32_t length = 0;
};

/// VRs whose length takes two bytes (PS3.5, 7.1.2); of all others, those to come too, it takes four behind two unused.
bool has_short_length(std::string_view vr) {
  constexpr std::array<std::string_view, 21> known = {"AE", "AS", "AT", "CS", "DA", "DS", "DT", "FD", "FL", "IS", "LO",
                                                      "LT", "PN", "SH", "SL", "SS", "ST", "TM", "UI", "UL", "US"};
  return std::ranges::find(known, vr) != known.end();
}

class Reader {
 public:
  Reader(Bytes file, std::size_t begin) : file_(file), at_(begin) {}

  std::size_t left() const { return file_.size() - at_; }
  std::size_t at() const { return at_; }

  std::uint32_t number(std::size_t bytes) {
    if (left() < bytes) throw_truncated("DICOM file");
    std::uint32_t value = 0;
    for (std::size_t i = bytes; i-- > 0;) value = value << 8 | byte_at(file_, at_ + i);
    at_ += bytes;
    return value;
  }

  Bytes take(std::size_t bytes) {
    if (left() < bytes) throw_truncated("DICOM file");
    at_ += bytes;
    return file_.subspan(at_ - bytes, bytes);
  }

  std::uint32_t tag() {
    const std::uint32_t group = number(2);
    return group << 16 | number(2);
  }

  Element element(bool implicit) {
    Element element{.tag = tag(), .coded_implicitly = implicit};
    if (implicit || element.tag >> 16 == item >> 16) {
      element.length = number(4);
      return element;
    }
    const Bytes letters = take(2);
    const std::string_view vr(reinterpret_cast<const char*>(letters.data()), 2);
    if (!std::ranges::all_of(vr, [](char c) { return c >= 'A' && c <= 'Z'; }))
      throw_damaged("DICOM file", "an element has no type");
    if (has_short_length(vr)) {
      element.length = number(2);
    } else {
      number(2);
      element.length = number(4);
    }
    // PS3.5, 6.2.2: what is of unknown type and length is coded implicitly inside.
    element.coded_implicitly = vr == "UN";
    return element;
  }

  /// Past a sequence of undefined length, whose begin was read.
  /// @param implicit  how it is coded inside
  void skip_sequence(bool implicit) {
    std::size_t unknown = 0;  // the depth from which on all is coded implicitly; 0: none
    for (std::size_t depth = 1; depth > 0;) {
      const Element next = element(implicit || unknown > 0);
      if (next.tag == item_end || next.tag == sequence_end) {
        if (depth == unknown) unknown = 0;
        --depth;
      } else if (next.length != undefined) {
        take(next.length);
      } else {
        ++depth;
        if (next.coded_implicitly && unknown == 0) unknown = depth;
      }
    }
  }

 private:
  Bytes file_;
  std::size_t at_;
};

/// Text pads with a space, UIDs with a zero. What is not printable never reaches a message.
std::string text_of(Bytes value) {
  std::string text;
  for (const std::byte byte : value.first(std::min<std::size_t>(value.size(), 64))) {
    const char c = static_cast<char>(byte);
    if (c > ' ' && c < 0x7F) text += c;
  }
  return text;
}

int number_of(Bytes value) {
  if (value.size() < 2) throw_damaged("DICOM file", "a number has no value");
  return byte_at(value, 0) | byte_at(value, 1) << 8;
}

void take_value(DicomAttributes& attributes, std::uint32_t tag, Bytes value) {
  switch (tag) {
    case 0x00080016:
      attributes.sop_class = text_of(value);
      break;
    case 0x00080060:
      attributes.modality = text_of(value);
      break;
    case 0x00280002:
      attributes.samples = number_of(value);
      break;
    case 0x00280004:
      attributes.photometric = text_of(value);
      break;
    case 0x00280006:
      attributes.planar = number_of(value);
      break;
    case 0x00280008:
      attributes.frames = text_of(value);
      break;
    case 0x00280010:
      attributes.rows = number_of(value);
      break;
    case 0x00280011:
      attributes.columns = number_of(value);
      break;
    case 0x00280100:
      attributes.bits_allocated = number_of(value);
      break;
    case 0x00280101:
      attributes.bits_stored = number_of(value);
      break;
    case 0x00280102:
      attributes.high_bit = number_of(value);
      break;
    case 0x00280103:
      attributes.is_signed = number_of(value);
      break;
    default:
      break;
  }
}

/// The file's own elements (group 2), always coded explicitly.
void read_meta(Reader& reader, Bytes file, DicomAttributes& attributes) {
  while (reader.left() >= 2 && Reader(file, reader.at()).number(2) == 2) {
    const Element element = reader.element(false);
    if (element.length == undefined) throw_damaged("DICOM file", "an element of its header has no length");
    const Bytes value = reader.take(element.length);
    if (element.tag == 0x00020010) attributes.transfer_syntax = text_of(value);
    if (element.tag == 0x00020002) attributes.sop_class = text_of(value);
  }
}

}  // namespace

DicomAttributes read_dicom_attributes(Bytes file) {
  DicomAttributes attributes;
  Reader reader(file, preamble);
  read_meta(reader, file, attributes);
  const std::string& syntax = attributes.transfer_syntax;
  if (syntax.empty()) throw_truncated("DICOM file");
  if (syntax != implicit_little_endian && syntax != explicit_little_endian && syntax != jpeg_baseline &&
      syntax != rle_lossless)
    throw InputError(fmt::format("a DICOM file in {}, which is not read", name_of_transfer_syntax(syntax)), {},
                     "export it uncompressed or as JPEG baseline from the DICOM viewer");
  const bool implicit = syntax == implicit_little_endian;
  while (reader.left() > 0) {
    const Element element = reader.element(implicit);
    if (element.tag == pixel_data) {
      attributes.has_pixels = true;
      attributes.encapsulated = element.length == undefined;
      const std::size_t bytes = std::min<std::size_t>(element.length, reader.left());
      attributes.missing = attributes.encapsulated ? 0 : element.length - bytes;
      attributes.pixels = reader.take(bytes);
      return attributes;
    }
    if (element.length == undefined)
      reader.skip_sequence(implicit || element.coded_implicitly);
    else
      take_value(attributes, element.tag, reader.take(element.length));
  }
  return attributes;
}

std::vector<std::byte> join_fragments(Bytes encapsulated) {
  Reader reader(encapsulated, 0);
  std::vector<std::byte> joined;
  for (bool first = true;; first = false) {
    const Element element = reader.element(true);
    if (element.tag == sequence_end) return joined;
    if (element.tag != item) throw_damaged("DICOM file", "its pixels are no sequence of fragments");
    const Bytes fragment = reader.take(element.length);
    if (!first)
      joined.insert(joined.end(), fragment.begin(), fragment.end());  // the first item is the table of offsets
  }
}

std::vector<std::uint8_t> unpack_run_lengths(Bytes frame, std::size_t planes, std::size_t samples) {
  constexpr std::size_t head = 64;
  Reader header(frame, 0);
  if (header.number(4) != planes)
    throw_damaged("DICOM file", "its run lengths are not of as many planes as its pixels");
  std::array<std::size_t, 4> begins{};
  for (std::size_t i = 0; i < planes; ++i) begins.at(i) = header.number(4);
  begins.at(planes) = frame.size();
  if (begins.front() < head ||
      !std::is_sorted(begins.begin(), begins.begin() + static_cast<std::ptrdiff_t>(planes) + 1))
    throw_damaged("DICOM file", "the places of its planes make no sense");
  std::vector<std::uint8_t> out(planes * samples);
  for (std::size_t plane = 0; plane < planes; ++plane) {
    const Bytes packed = frame.subspan(begins.at(plane), begins.at(plane + 1) - begins.at(plane));
    std::size_t at = 0, filled = 0;
    std::uint8_t* const target = out.data() + plane * samples;
    while (filled < samples) {
      if (at + 2 > packed.size()) throw_truncated("DICOM file");
      const std::uint8_t code = byte_at(packed, at++);
      if (code == 128) continue;  // nothing
      const std::size_t count = std::min<std::size_t>(code < 128 ? code + 1U : 257U - code, samples - filled);
      if (code < 128) {
        if (packed.size() - at < count) throw_truncated("DICOM file");
        std::copy_n(data_of(packed) + at, count, target + filled);
        at += count;
      } else {
        std::fill_n(target + filled, count, byte_at(packed, at++));
      }
      filled += count;
    }
  }
  return out;
}

}  // namespace naevus::image
