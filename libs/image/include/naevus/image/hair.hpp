#pragma once
#include "naevus/image/image.hpp"
#include "naevus/image/mask.hpp"

namespace naevus::image {

/// Hairs, dark and light, after DullRazor (Lee, Ng, Gallagher, Coldman, McLean 1997): what closing (for light hair:
/// opening) with short lines takes away, where it goes on along a straight line in one direction only, and is long and
/// thin. A pigment network fails the last two. Found at one scale (shorter side 224 to 447 pixels).
/// @returns a mask of the picture's size
/// @throws InputError if the picture has no pixels
Mask hair_mask(const Image& image);

/// The picture with its hairs, and the fringe that they shade, filled from the pixels around them (normalised
/// convolution; Knutsson & Westin 1993). All other pixels are as they were.
/// @throws InputError if the picture has no pixels
Image remove_hair(const Image& image);

}  // namespace naevus::image
