#pragma once
#include <opencv2/core.hpp>

#include "naevus/image/image.hpp"

namespace naevus::image {

/// One picture at the sizes that the measures look at, made once and shared by them. The factors are whole numbers, so
/// that every reduced pixel is the mean of a block of source pixels.
struct Planes {
  cv::Mat detail;  ///< luma (8 bit); shorter side 224 to 447 pixels, or the source's where that is smaller
  cv::Mat color;   ///< RGB at half of detail's size
  cv::Mat small;   ///< RGB at a quarter of detail's size
  int factor = 1;  ///< source pixels to one of detail's, along each axis
};

/// @throws InputError if the picture has no pixels
Planes planes_of(const Image& image);

/// The picture's memory as OpenCV sees it; nothing is copied.
cv::Mat mat_of(const Image& image);

}  // namespace naevus::image
