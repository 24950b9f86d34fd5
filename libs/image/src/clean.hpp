#pragma once
#include "naevus/image/prepare.hpp"

namespace naevus::image {

/// The steps between crop and resize, as Preparation's enums document them.
Image denoised(Image image, Denoise how);
Image with_contrast(Image image, Contrast how);

}  // namespace naevus::image
