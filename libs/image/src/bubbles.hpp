#pragma once
#include "planes.hpp"

namespace naevus::image {

/// Air bubbles in the gel.
double bubble_score(const Planes& planes, const cv::Mat& lesion);

}  // namespace naevus::image
