#pragma once
#include "field.hpp"
#include "naevus/image/artefacts.hpp"
#include "naevus/image/quality.hpp"
#include "segment.hpp"

namespace naevus::image {

/// The measures on planes, field and segmentation that were made once for both.

Quality measure_quality(const Image& image, const Planes& planes, const Field& field, const Lesion& lesion);

/// @param lesion  its mask, 8 bit, of planes.small's size
Artefacts find_artefacts(const Planes& planes, const Field& field, const cv::Mat& lesion);

}  // namespace naevus::image
