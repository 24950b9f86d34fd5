#pragma once
#include "planes.hpp"

namespace naevus::image {

/// Artefacts that show by their colour.

/// Blue, violet or green pen, outside the lesion.
/// @param lesion  8 bit, of planes.small's size
double ink_score(const Planes& planes, const cv::Mat& lesion);

/// Charts and stickers at the border.
double patch_score(const Planes& planes, const cv::Mat& lesion);

}  // namespace naevus::image
