#pragma once
#include <cstdint>

#include "naevus/evaluate/robustness.hpp"
#include "naevus/image/image.hpp"
#include "naevus/image/prepare.hpp"

namespace naevus::evaluate {

/// The picture as the network sees it when nothing harms it: crop and resize first, then the other steps.
image::Image unharmed(const image::Image& picture, const image::Preparation& preparation);

/// @param stream  the picture's own, so that the same picture is harmed alike in every run
image::Image harmed(const image::Image& picture, const image::Preparation& preparation, const Harm& harm,
                    std::uint64_t seed, std::uint64_t stream);

/// Whether it is one of the common corruptions.
bool is_corruption(const Harm& harm);

}  // namespace naevus::evaluate
