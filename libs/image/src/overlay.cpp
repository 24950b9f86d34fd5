#include "naevus/image/overlay.hpp"

#include <cmath>

namespace naevus::image {

Image glow_over(Image picture, std::span<const float> strength) {
  constexpr float strongest = 0.65F;
  for (std::size_t i = 0; i < strength.size(); ++i) {
    const float share = strongest * strength[i];
    const float glow[] = {255, 255 * strength[i], 0};
    for (std::size_t c = 0; c < 3; ++c) {
      auto& pixel = picture.pixels[3 * i + c];
      pixel = static_cast<std::uint8_t>(std::lround((1 - share) * static_cast<float>(pixel) + share * glow[c]));
    }
  }
  return picture;
}

}  // namespace naevus::image
