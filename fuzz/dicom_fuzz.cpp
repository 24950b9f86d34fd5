// Any bytes behind a DICOM file's preamble: a picture of the size that its header says, or an InputError; and the same
// answer twice. fuzz/dicom_seeds writes files to begin with, each of a form that is read.
// fuzz/dicom_seeds SEEDS; build/fuzz/bin/dicom_fuzz CORPUS SEEDS -max_len=4096 -rss_limit_mb=4096
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <vector>

#include "naevus/base/error.hpp"
#include "naevus/image/decode.hpp"

namespace {

using namespace naevus;

constexpr image::DecodeLimits limits{.max_side = 4096, .max_pixels = 1 << 20};
constexpr std::size_t preamble = 128;

std::optional<image::Image> decoded(std::span<const std::byte> file) {
  try {
    return image::decode(file, limits);
  } catch (const InputError&) {
    return std::nullopt;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<std::byte> file(preamble);
  for (const char c : {'D', 'I', 'C', 'M'}) file.push_back(static_cast<std::byte>(c));
  std::transform(data, data + size, std::back_inserter(file), [](std::uint8_t byte) { return std::byte{byte}; });
  const auto picture = decoded(file);
  if (!picture) return 0;
  const auto header = image::read_header(file, limits);
  if (picture->width != header.width || picture->height != header.height) std::abort();
  if (decoded(file) != picture) std::abort();  // nothing is read that was not written
  return 0;
}
