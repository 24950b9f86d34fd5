#pragma once
#include "naevus/image/prepare.hpp"
#include "view.hpp"

namespace naevus::image {

/// The part of the picture that the frame names.
View framed(const Image& image, Frame frame);

}  // namespace naevus::image
