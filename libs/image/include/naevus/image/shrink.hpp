#pragma once
#include "naevus/image/image.hpp"

namespace naevus::image {

/// The whole picture in its own aspect, its longer side at most that many pixels, shrunk by resize(); one that is not
/// larger stays as it is.
Image shrunk(Image image, int longer_side);

}  // namespace naevus::image
