#pragma once
#include <cstddef>
#include <vector>

#include "naevus/image/image.hpp"

namespace naevus::image {

/// @param quality  1 to 100; chroma is not subsampled
std::vector<std::byte> encode_jpeg(const Image& image, int quality = 92);
std::vector<std::byte> encode_png(const Image& image);

}  // namespace naevus::image
