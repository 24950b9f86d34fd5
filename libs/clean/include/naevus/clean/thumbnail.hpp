#pragma once
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "naevus/image/image.hpp"

namespace naevus::clean {

/// One or two pictures as one small JPEG; the second one, turned as the first one lies, at its right.
/// @param side  of each, in pixels
std::vector<std::byte> thumbnail(const image::Image& first, const std::optional<image::Image>& second, int side);

}  // namespace naevus::clean
