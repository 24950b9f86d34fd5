#include "codec.hpp"

namespace naevus::image {
namespace {

/// Bounded reads of either byte order; past the end is 0.
struct Reader {
  Bytes bytes;
  bool big;

  std::uint32_t number(std::size_t offset, std::size_t size) const {
    if (offset > bytes.size() || bytes.size() - offset < size) return 0;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < size; ++i) value = value << 8 | byte_at(bytes, offset + (big ? i : size - 1 - i));
    return value;
  }
};

constexpr std::uint32_t orientation_tag = 0x0112, short_type = 3;

}  // namespace

// The one field that matters is always in the first directory (CIPA DC-008, 4.6.4), so nothing else is followed.
int exif_orientation(Bytes exif) {
  if (exif.size() < 8) return 1;
  const bool big = byte_at(exif, 0) == 'M' && byte_at(exif, 1) == 'M';
  if (!big && !(byte_at(exif, 0) == 'I' && byte_at(exif, 1) == 'I')) return 1;
  const Reader reader{exif, big};
  if (reader.number(2, 2) != 42) return 1;
  const std::size_t directory = reader.number(4, 4);
  const std::size_t entries = reader.number(directory, 2);
  for (std::size_t i = 0; i < entries; ++i) {
    const std::size_t entry = directory + 2 + 12 * i;
    if (reader.number(entry, 2) != orientation_tag) continue;
    const auto value = reader.number(entry + 8, 2);
    const bool valid = reader.number(entry + 2, 2) == short_type && reader.number(entry + 4, 4) == 1;
    return valid && value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
  }
  return 1;
}

}  // namespace naevus::image
