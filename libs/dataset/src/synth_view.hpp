#pragma once
#include <opencv2/core.hpp>

#include "naevus/base/random.hpp"
#include "naevus/image/image.hpp"

namespace naevus::dataset::synth {

/// Takes a picture of a square piece of skin through a dermoscope: distance, rotation, focus, hairs, gel bubbles, a
/// ruler, light, vignette, the tube's rim, the sensor. It is not told the label, so that nothing here can give it away.
image::Image photograph(const cv::Mat_<cv::Vec3f>& skin, int width, int height, Random view);

}  // namespace naevus::dataset::synth
