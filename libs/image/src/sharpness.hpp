#pragma once
#include <opencv2/core.hpp>

namespace naevus::image {

/// Quality::sharpness of an 8-bit plane.
/// @param surround  at a quarter of its size: what is set, or near it, does not count; may be empty
double sharpness_of(const cv::Mat& luma, const cv::Mat& surround);

}  // namespace naevus::image
