#pragma once
#include <cstddef>
#include <vector>

#include "naevus/image/image.hpp"

namespace naevus::image {

/// Whether colour is kept at half the resolution of brightness (4:2:0), as cameras and most programs do.
enum class Chroma { full, halved };

/// @param quality  1 to 100
std::vector<std::byte> encode_jpeg(const Image& image, int quality = 92, Chroma chroma = Chroma::full);
std::vector<std::byte> encode_png(const Image& image);

}  // namespace naevus::image
