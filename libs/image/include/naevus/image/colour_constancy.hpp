#pragma once
#include <array>
#include <cstdint>
#include <span>

#include "naevus/image/prepare.hpp"

namespace naevus::image {

/// What red, green and blue of a picture are multiplied by, so that the light on it becomes grey (a von Kries
/// transform with the light's strength kept):
///   e_c = (mean over all pixels of x_c^p)^(1/p), x in 0..255; p = 1 (grey world), 6 (shades of grey), infinity (the
///         largest x_c: max-RGB); a channel below 1 counts as 1
///   gain_c = sqrt((e_r^2 + e_g^2 + e_b^2) / 3) / e_c
/// A picture is seen through min(x_c * gain_c, 255), not rounded: the ONNX graph and training do the same in float32.
/// {1, 1, 1} for ColourConstancy::none.
/// @param pixels  8-bit RGB, 3 per pixel, at least one pixel
/// @throws InputError if there is no pixel
std::array<float, 3> colour_gains(std::span<const std::uint8_t> pixels, ColourConstancy how);

/// The picture as the network sees it, rounded half up to uint8.
Image with_colour_constancy(Image image, ColourConstancy how);

}  // namespace naevus::image
