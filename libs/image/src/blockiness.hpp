#pragma once
#include "naevus/image/image.hpp"
#include "planes.hpp"

namespace naevus::image {

/// Quality::blockiness of a picture at its own size: JPEG's grid survives no resizing.
double blockiness_of(const Image& image, const Planes& planes);

}  // namespace naevus::image
