#pragma once
#include <opencv2/core.hpp>

#include "naevus/image/lesion.hpp"
#include "planes.hpp"

namespace naevus::image {

struct Segmented {
  Lesion lesion;
  cv::Mat mask;  ///< 8 bit, of planes.small's size
};

Segmented segment(const Planes& planes);

}  // namespace naevus::image
