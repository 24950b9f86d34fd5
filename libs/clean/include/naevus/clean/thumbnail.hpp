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

/// The picture turned (by one of the eight symmetries) as the other one lies, as far as a small square of each tells.
image::Image turned_like(const image::Image& picture, const image::Image& other);

}  // namespace naevus::clean
