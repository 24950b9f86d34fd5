// Any bytes: a header within the limits, or an InputError; and the same one twice.
// build/fuzz/bin/header_fuzz CORPUS tests/golden/images -max_len=4096
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <tuple>

#include "naevus/base/error.hpp"
#include "naevus/image/decode.hpp"

namespace {

using namespace naevus;

constexpr image::DecodeLimits limits{.max_side = 4096, .max_pixels = 1 << 20};

std::optional<image::Header> read(std::span<const std::byte> file) {
  try {
    return image::read_header(file, limits);
  } catch (const InputError&) {
    return std::nullopt;
  }
}

auto told(const image::Header& header) {
  return std::tie(header.format, header.width, header.height, header.orientation, header.color, header.bits,
                  header.alpha, header.profile);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto file = std::as_bytes(std::span(data, size));
  const auto header = read(file), again = read(file);
  if (header.has_value() != again.has_value()) std::abort();
  if (!header) return 0;
  if (told(*header) != told(*again)) std::abort();  // nothing is read that was not written
  if (header->width < 1 || header->width > limits.max_side || header->height < 1 || header->height > limits.max_side)
    std::abort();
  if (static_cast<std::uint64_t>(header->width) * static_cast<std::uint64_t>(header->height) > limits.max_pixels)
    std::abort();
  if (header->orientation < 1 || header->orientation > 8) std::abort();
  return 0;
}
