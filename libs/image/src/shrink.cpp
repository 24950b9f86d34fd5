#include "naevus/image/shrink.hpp"

#include <algorithm>
#include <cstdint>

#include "naevus/image/prepare.hpp"

namespace naevus::image {

Image shrunk(Image image, int longer_side) {
  const int longer = std::max(image.width, image.height);
  if (longer <= longer_side) return image;
  const auto scaled = [&](int side) {
    return std::max(1, static_cast<int>((std::int64_t{side} * longer_side + longer / 2) / longer));
  };
  return resize(image, scaled(image.width), scaled(image.height));
}

}  // namespace naevus::image
