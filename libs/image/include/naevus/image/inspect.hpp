#pragma once
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "naevus/image/decode.hpp"
#include "naevus/image/image.hpp"

namespace naevus::image {

/// What can be wrong with a picture's file.
enum class FileFault {
  unreadable,       ///< no picture, or of a kind that is not read
  truncated,        ///< it ends early
  damaged,          ///< a decoder had to make pixels up
  animated,         ///< more than one picture
  wrong_extension,  ///< the name tells another format
  orientation,      ///< its pixels lie turned, and a tag says so: programs that ignore the tag see another picture
  color_space,      ///< grey, palette, inks, more than 8 bits, transparency, or a colour profile other than sRGB
  extreme_size,     ///< a side too small to judge, or too large to be the picture alone
  extreme_aspect,   ///< far from any camera's frame
};

/// The fault's name in tables: "unreadable", "wrong_extension", …
std::string_view name_of(FileFault fault);

struct FileFinding {
  FileFault fault = FileFault::unreadable;
  std::string evidence;  ///< for a person: "named .png, but a JPEG"
};

/// What is still usual. The defaults are wide: HAM10000's pictures are 600 x 450, whole-slide exports a few thousand.
struct UsualSize {
  int least_side = 64;
  int most_side = 10'000;
  double most_aspect = 2.5;  ///< the longer side over the shorter
};

struct Inspection {
  std::optional<Header> header;       ///< empty where not even that could be read
  std::vector<FileFinding> findings;  ///< in the order of FileFault
  std::optional<Image> image;         ///< as decode() gives it; empty where it would refuse
};

/// Judges a file and decodes it, once.
/// @param path  only its extension is looked at
Inspection inspect(std::span<const std::byte> file, const std::filesystem::path& path, const UsualSize& usual = {},
                   const DecodeLimits& limits = {});

}  // namespace naevus::image
