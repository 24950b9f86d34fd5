#pragma once
#include <cstdint>

#include "naevus/image/image.hpp"

/// What lies on the skin or in front of it.
namespace naevus::image {

/// Curved dark hairs of one colour; each only darkens.
/// @param count  of hairs
void draw_hairs(Image& image, int count, std::uint64_t seed);

/// The marks of a ruler along one of the four sides, every fifth and tenth longer; they only darken.
void draw_ruler(Image& image, std::uint64_t seed);

/// Darkens what lies outside an ellipse, with a soft edge.
/// @param radius  of what stays as it is, in half sides; about a middle that is off the picture's by at most 0.04
void draw_vignette(Image& image, double radius, std::uint64_t seed);

/// One grey square.
/// @param side  as a share of the shorter side
/// @param x     of its place, from the left (0) to the right (1); y likewise
void cut_out(Image& image, double side, double x, double y);

}  // namespace naevus::image
