#pragma once
#include "codec.hpp"

namespace naevus::image {

/// decode() behind its header: the pixels, oriented.
/// @throws InputError as decode
Image decode_pixels(Bytes file, const Header& header);

}  // namespace naevus::image
