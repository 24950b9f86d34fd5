#include "sniff.hpp"

#include <algorithm>
#include <string_view>

#include "naevus/base/error.hpp"

namespace naevus::image {
namespace {

using namespace std::string_view_literals;

constexpr auto save_as = "open it in a picture viewer and save it as JPEG or PNG";

bool starts_with(std::string_view text, std::string_view magic, std::size_t offset = 0) {
  return text.size() >= offset + magic.size() && text.substr(offset, magic.size()) == magic;
}

/// ISO base media files ('ftyp' at byte 4) hold HEIC, AVIF and films; the brands tell which.
[[noreturn]] void throw_iso_media(std::string_view head) {
  const std::string_view brands = head.substr(8, 64);
  if (brands.find("avif"sv) < 24 || brands.find("avis"sv) < 24)
    throw InputError("an AVIF picture, which is not read", {}, save_as);
  for (const auto brand : {"heic"sv, "heix"sv, "heim"sv, "heis"sv, "hevc"sv, "hevx"sv, "mif1"sv, "msf1"sv}) {
    if (starts_with(brands, brand))
      throw InputError("a HEIC picture, which is not read", {},
                       "export it as JPEG; on an iPhone choose Settings > Camera > Formats > Most Compatible for new "
                       "photos");
  }
  throw InputError("a film, not a picture", {}, "save one frame of it as JPEG or PNG");
}

/// Printable in any language: no control characters but white space.
bool is_text(std::string_view head) {
  return std::ranges::none_of(head, [](char c) {
    const auto u = static_cast<unsigned char>(c);
    return u == 0x7F || (u < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f');
  });
}

[[noreturn]] void throw_text(std::string_view head) {
  std::string lower(head);
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (lower.find("<svg") != std::string::npos)
    throw InputError("an SVG drawing, not a photograph", {}, "export it as PNG");
  if (lower.find("<html") != std::string::npos || lower.find("<!doctype html") != std::string::npos)
    throw InputError("a web page, not a picture", {}, "the download went wrong: fetch the picture again");
  if (starts_with(head, "version https://git-lfs"))
    throw InputError("a Git LFS pointer, not the picture itself", {}, "fetch the pictures with 'git lfs pull'");
  throw InputError("a text file, not a picture", {}, "check where the file came from");
}

}  // namespace

Format sniff_format(Bytes file) {
  if (file.empty()) throw InputError("the file is empty (0 bytes)", {}, "copy or export it again");
  const std::string_view head(reinterpret_cast<const char*>(file.data()), std::min<std::size_t>(file.size(), 512));

  if (starts_with(head, "\xFF\xD8\xFF")) return Format::jpeg;
  if (starts_with(head, "\x89PNG\r\n\x1A\n")) return Format::png;
  if (starts_with(head, "RIFF") && starts_with(head, "WEBP", 8)) return Format::webp;
  if (starts_with(head, "II*\0"sv) || starts_with(head, "MM\0*"sv) || starts_with(head, "II+\0"sv) ||
      starts_with(head, "MM\0+"sv))
    return Format::tiff;
  if (starts_with(head, "DICM", 128)) return Format::dicom;
  if (starts_with(head, "GIF87a") || starts_with(head, "GIF89a"))
    throw InputError("a GIF, which is not read: it holds at most 256 colours, and may be animated", {},
                     "use the original photograph, or save one picture of it as PNG");
  if (starts_with(head, "ftyp", 4) && head.size() >= 12) throw_iso_media(head);
  if (starts_with(head, "%PDF"))
    throw InputError("a PDF document, not a picture", {}, "export its picture as JPEG or PNG");
  if (starts_with(head, "\0\0\0\x0CjP  \r\n\x87\n"sv) || starts_with(head, "\xFF\x4F\xFF\x51"))
    throw InputError("a JPEG 2000 picture, which is not read", {}, save_as);
  if (starts_with(head, "\0\0\0\x0CJXL \r\n\x87\n"sv) || (starts_with(head, "\xFF\x0A") && !is_text(head)))
    throw InputError("a JPEG XL picture, which is not read", {}, save_as);
  if (starts_with(head, "8BPS")) throw InputError("a Photoshop file, which is not read", {}, "export it as PNG");
  if (starts_with(head, "PK\x03\x04")) throw InputError("a ZIP archive, not a picture", {}, "unpack it first");
  if (std::ranges::all_of(head, [](char c) { return c == 0; }))
    throw InputError("the file holds only zeros: it was never written fully", {}, "copy or export it again");
  if (is_text(head)) throw_text(head);
  if (starts_with(head, "BM")) return Format::bmp;
  throw InputError("not a picture of a known kind", {}, "JPEG, PNG, WebP, TIFF, BMP and DICOM photographs are read");
}

}  // namespace naevus::image
