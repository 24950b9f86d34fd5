#pragma once
#include <cstdint>
#include <string>

#include "codec.hpp"

/// DICOM files as far as a photograph needs them: the data set's outer elements up to its pixels. Sequences and what
/// they hold are passed over, without recursion however deep they nest.
namespace naevus::image {

/// The value of the last element of each kind that stood before the pixels; text without its padding, and without what
/// is not printable.
struct DicomAttributes {
  std::string transfer_syntax;  ///< (0002,0010), a UID
  std::string sop_class;        ///< (0008,0016), or the file's own (0002,0002)
  std::string modality;         ///< (0008,0060)
  int samples = 1;              ///< (0028,0002), a pixel's
  std::string photometric;      ///< (0028,0004), "RGB"
  int planar = 0;               ///< (0028,0006): 1 where all red samples come first
  std::string frames;           ///< (0028,0008)
  int rows = 0, columns = 0;    ///< (0028,0010), (0028,0011)
  int bits_allocated = 0, bits_stored = 0, high_bit = -1;
  int is_signed = 0;          ///< (0028,0103)
  bool has_pixels = false;    ///< (7FE0,0010) is there
  bool encapsulated = false;  ///< the pixels come as a sequence of fragments, of undefined length
  Bytes pixels;               ///< the element's value; of encapsulated ones, all that follows in the file
  std::size_t missing = 0;    ///< bytes of the value that the file does not have
};

/// @throws InputError for a transfer syntax that is not read; DecodeError if it ends early or makes no sense
DicomAttributes read_dicom_attributes(Bytes file);

/// The transfer syntaxes (PS3.5, annex A) whose pixels are read.
constexpr auto implicit_little_endian = "1.2.840.10008.1.2";
constexpr auto explicit_little_endian = "1.2.840.10008.1.2.1";
constexpr auto jpeg_baseline = "1.2.840.10008.1.2.4.50";
constexpr auto rle_lossless = "1.2.840.10008.1.2.5";

/// The fragments of encapsulated pixels, joined, without the table of offsets.
/// @throws DecodeError if they end early or are none
std::vector<std::byte> join_fragments(Bytes encapsulated);

/// One frame by run lengths (PS3.5, annex G), its planes one after another.
/// @throws DecodeError if it makes no sense, or holds other than that many planes of that many samples
std::vector<std::uint8_t> unpack_run_lengths(Bytes frame, std::size_t planes, std::size_t samples);

}  // namespace naevus::image
