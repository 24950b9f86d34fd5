// Any bytes: a picture of the size that its header says, or an InputError; and the same answer twice.
// build/fuzz/bin/decode_fuzz CORPUS tests/golden/images -max_len=8192 -rss_limit_mb=4096
#include <cstdint>
#include <cstdlib>
#include <optional>

#include "naevus/base/error.hpp"
#include "naevus/image/decode.hpp"
#include "naevus/image/prepare.hpp"

namespace {

using namespace naevus;

constexpr image::DecodeLimits limits{.max_side = 4096, .max_pixels = 1 << 20};

std::optional<image::Image> decoded(std::span<const std::byte> file) {
  try {
    return image::decode(file, limits);
  } catch (const InputError&) {
    return std::nullopt;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto file = std::as_bytes(std::span(data, size));
  const auto picture = decoded(file);
  if (!picture) return 0;
  const auto header = image::read_header(file, limits);
  const bool turned = header.orientation >= 5;
  if (picture->width != (turned ? header.height : header.width)) std::abort();
  if (picture->height != (turned ? header.width : header.height)) std::abort();
  if (decoded(file) != picture) std::abort();  // nothing is read that was not written
  image::prepare(*picture, {.width = 8, .height = 8});
  image::prepare(*picture, {.width = 8,
                            .height = 8,
                            .frame = image::Frame::whole,
                            .vignette = image::Vignette::crop,
                            .denoise = image::Denoise::median,
                            .contrast = image::Contrast::clahe,
                            .resize = image::Filter::lanczos});
  return 0;
}
