#pragma once
#include "naevus/image/image.hpp"

namespace naevus::image {

/// The picture turned as EXIF orientation 1 to 8 asks (CIPA DC-008, tag 0x0112); other values leave it as it is.
Image oriented(Image image, int orientation);

}  // namespace naevus::image
