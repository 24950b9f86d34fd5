#pragma once
#include <span>

#include "naevus/image/image.hpp"

namespace naevus::image {

/// Where something is strong, for the eye: over the picture lies a colour from red (weak) to yellow (strong), the
/// stronger the less transparent.
/// @param strength  one a pixel, by row, in [0, 1]
Image glow_over(Image picture, std::span<const float> strength);

}  // namespace naevus::image
