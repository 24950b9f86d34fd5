#pragma once
#include "augment_plan.hpp"
#include "naevus/image/prepare.hpp"

namespace naevus::image {

/// The picture through the plan's whole geometry: one map from the output to the frame, sampled once, bilinearly, from
/// a source that is shrunk first where the map would alias. What lies outside the picture is its reflection.
Image sample(const Image& image, const Preparation& preparation, const Plan& plan);

/// Largest output side that can be sampled: OpenCV's coordinates are 16 bits wide.
constexpr int sample_limit = 30'000;

}  // namespace naevus::image
