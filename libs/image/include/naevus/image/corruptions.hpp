#pragma once
#include <array>
#include <string>

#include "naevus/base/random.hpp"
#include "naevus/image/image.hpp"

// Faults that pictures come with, to see how much of a classifier's worth they cost: the 15 common corruptions of
// ImageNet-C at five severities (Hendrycks & Dietterich 2019), with the strengths of the Python package
// imagecorruptions 1.1.2. Meant for pictures at a network's input size (about 224 pixels): widths are in pixels.
namespace naevus::image {

enum class Corruption {
  gaussian_noise,
  shot_noise,     ///< Poisson, as of few photons
  impulse_noise,  ///< salt and pepper, in each channel
  defocus_blur,   ///< a disk
  glass_blur,     ///< pixels moved about between two Gaussian blurs
  motion_blur,    ///< along a line at up to 45 degrees from the horizontal
  zoom_blur,      ///< the mean of several zooms
  snow,
  frost,  ///< a rendered layer with the tints, contrast and spectrum of the package's photographs of frost
  fog,    ///< plasma fractal
  brightness,
  contrast,
  elastic_transform,
  pixelate,
  jpeg_compression,
};
inline constexpr std::array all_corruptions{Corruption::gaussian_noise,
                                            Corruption::shot_noise,
                                            Corruption::impulse_noise,
                                            Corruption::defocus_blur,
                                            Corruption::glass_blur,
                                            Corruption::motion_blur,
                                            Corruption::zoom_blur,
                                            Corruption::snow,
                                            Corruption::frost,
                                            Corruption::fog,
                                            Corruption::brightness,
                                            Corruption::contrast,
                                            Corruption::elastic_transform,
                                            Corruption::pixelate,
                                            Corruption::jpeg_compression};
inline constexpr int corruption_severities = 5;
/// The shorter side of a picture that can be corrupted, at least.
inline constexpr int corruption_side = 32;

std::string to_string(Corruption kind);  ///< "gaussian_noise"

/// A corrupted copy; the same random stream gives the same picture.
/// @param severity  1 (least) to 5
/// @throws UsageError for another severity; InputError if a side is shorter than corruption_side
Image corrupted(const Image& image, Corruption kind, int severity, Random random);

/// The picture turned about its middle by so many degrees, mirrored where it has no pixels.
/// @throws InputError if it has no pixels
Image rotated(const Image& image, double degrees);

/// The middle of the picture: that share of each side.
/// @param share  in (0, 1]   @throws UsageError if it is not; InputError if the picture has no pixels
Image middle_of(const Image& image, double share);

}  // namespace naevus::image
