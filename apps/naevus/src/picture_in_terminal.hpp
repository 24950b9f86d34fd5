#pragma once
#include <optional>
#include <string>

#include "naevus/image/image.hpp"

namespace naevus::app {

/// A picture, or two beside each other, in 24-bit colour with two pixels to a character cell.
/// @param width  columns of the terminal that may be used
std::string in_terminal(const image::Image& first, const std::optional<image::Image>& second, int width);

}  // namespace naevus::app
