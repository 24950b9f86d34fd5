#include "naevus/image/inspect.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "codec.hpp"
#include "naevus/base/error.hpp"
#include "pixels.hpp"

namespace naevus::image {
namespace {

struct Naming {
  Format format;
  std::string_view words;
  std::array<std::string_view, 4> extensions;
};

constexpr std::array<Naming, 6> namings = {{{Format::jpeg, "a JPEG", {".jpg", ".jpeg", ".jpe", ".jfif"}},
                                            {Format::png, "a PNG", {".png"}},
                                            {Format::webp, "a WebP", {".webp"}},
                                            {Format::tiff, "a TIFF", {".tif", ".tiff"}},
                                            {Format::bmp, "a BMP", {".bmp", ".dib"}},
                                            {Format::dicom, "a DICOM file", {".dcm", ".dicom"}}}};

std::string extension_of(const std::filesystem::path& path) {
  std::string extension = path.extension().string();
  std::ranges::transform(extension, extension.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return extension;
}

/// How many pictures a GIF holds, as far as it can be followed (GIF89a, 20 to 27); 0 where it is no GIF.
int gif_frames(Bytes file) {
  const auto at = [&](std::size_t i) { return i < file.size() ? byte_at(file, i) : std::uint8_t{0}; };
  if (file.size() < 13 || at(0) != 'G' || at(1) != 'I' || at(2) != 'F') return 0;
  const auto table_size = [](std::uint8_t flags) {
    return (flags & 0x80U) != 0 ? std::size_t{3} << ((flags & 7U) + 1) : std::size_t{0};
  };
  constexpr std::uint8_t image = 0x2C, extension = 0x21;
  std::size_t i = 13 + table_size(at(10));
  int frames = 0;
  while (i < file.size() && (at(i) == image || at(i) == extension)) {
    if (at(i) == image) {
      ++frames;
      i += 11 + table_size(at(i + 9));  // the descriptor, its colours, the code size
    } else {
      i += 2;
    }
    while (i < file.size() && at(i) != 0) i += std::size_t{1} + at(i);
    ++i;
  }
  return frames;
}

class Judge {
 public:
  explicit Judge(std::vector<FileFinding>& findings) : findings_(findings) {}

  void note(FileFault fault, std::string evidence) { findings_.push_back({fault, std::move(evidence)}); }

  void extension(const Header& header, const std::filesystem::path& path) {
    const auto& naming = *std::ranges::find(namings, header.format, &Naming::format);
    const std::string extension = extension_of(path);
    if (extension.empty())
      note(FileFault::wrong_extension, fmt::format("without an extension, but {}", naming.words));
    else if (std::ranges::find(naming.extensions, extension) == naming.extensions.end())
      note(FileFault::wrong_extension, fmt::format("named {}, but {}", extension, naming.words));
  }

  void orientation(const Header& header) {
    if (header.orientation != 1) note(FileFault::orientation, fmt::format("orientation tag {}", header.orientation));
  }

  void color(const Header& header) {
    std::vector<std::string> odd;
    if (header.color == ColorModel::grey) odd.emplace_back("grey");
    if (header.color == ColorModel::palette) odd.emplace_back("palette");
    if (header.color == ColorModel::inks) odd.emplace_back("inks (CMYK)");
    if (header.color == ColorModel::other) odd.emplace_back("neither RGB nor grey");
    if (header.bits > 8) odd.push_back(fmt::format("{} bits a channel", header.bits));
    if (header.alpha) odd.emplace_back("transparency");
    if (!header.profile.empty()) odd.push_back(fmt::format("colour profile '{}', which is ignored", header.profile));
    if (!odd.empty()) note(FileFault::color_space, fmt::format("{}", fmt::join(odd, ", ")));
  }

  void size(const Header& header, const UsualSize& usual) {
    const int low = std::min(header.width, header.height), high = std::max(header.width, header.height);
    if (low < usual.least_side || high > usual.most_side)
      note(FileFault::extreme_size, fmt::format("{} x {} pixels", header.width, header.height));
    if (high > usual.most_aspect * low)
      note(FileFault::extreme_aspect,
           fmt::format("{} x {} pixels, {:.1f} to 1", header.width, header.height, static_cast<double>(high) / low));
  }

 private:
  std::vector<FileFinding>& findings_;
};

FileFault fault_of(DecodeFault fault) {
  switch (fault) {
    case DecodeFault::truncated:
      return FileFault::truncated;
    case DecodeFault::damaged:
      return FileFault::damaged;
    case DecodeFault::animated:
      return FileFault::animated;
  }
  return FileFault::unreadable;
}

}  // namespace

std::string_view name_of(FileFault fault) {
  switch (fault) {
    case FileFault::unreadable:
      return "unreadable";
    case FileFault::truncated:
      return "truncated";
    case FileFault::damaged:
      return "damaged";
    case FileFault::animated:
      return "animated";
    case FileFault::wrong_extension:
      return "wrong_extension";
    case FileFault::orientation:
      return "orientation";
    case FileFault::color_space:
      return "color_space";
    case FileFault::extreme_size:
      return "extreme_size";
    case FileFault::extreme_aspect:
      return "extreme_aspect";
  }
  return "unreadable";
}

Inspection inspect(std::span<const std::byte> file, const std::filesystem::path& path, const UsualSize& usual,
                   const DecodeLimits& limits) {
  Inspection out;
  Judge judge(out.findings);
  try {
    out.header = read_header(file, limits);
    out.image = decode_pixels(file, *out.header);
  } catch (const DecodeError& error) {
    judge.note(fault_of(error.fault()), error.what());
  } catch (const InputError& error) {
    const int frames = gif_frames(file);
    if (frames > 1)
      judge.note(FileFault::animated, fmt::format("a GIF of {} pictures", frames));
    else
      judge.note(FileFault::unreadable, error.what());
  }
  if (!out.header) return out;
  judge.extension(*out.header, path);
  judge.orientation(*out.header);
  judge.color(*out.header);
  judge.size(*out.header, usual);
  return out;
}

}  // namespace naevus::image
