#pragma once
#include <opencv2/core.hpp>

#include "planes.hpp"

namespace naevus::image {

/// The round field of view of a dermatoscope, where the picture shows its black surround.
struct Field {
  cv::Mat surround;  ///< 8 bit, of planes.small's size: 255 in the black surround; empty where there is none
  double share = 0;  ///< of the picture's area that is surround
  int corners = 0;   ///< of the four corners, how many are surround
};

Field field_of(const Planes& planes);

}  // namespace naevus::image
