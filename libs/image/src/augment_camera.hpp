#pragma once
#include <cstdint>

#include "naevus/image/image.hpp"

/// What a camera and its file do to a picture.
namespace naevus::image {

/// Gaussian, the border reflected. @param sigma  in pixels, above 0
void blur(Image& image, double sigma);

/// Independent Gaussian noise on every sample. @param sigma  in levels of 255
void add_noise(Image& image, double sigma, std::uint64_t seed);

/// As if written as a JPEG with halved chroma and read again. @param quality  1 to 100
void leave_jpeg_traces(Image& image, int quality);

}  // namespace naevus::image
