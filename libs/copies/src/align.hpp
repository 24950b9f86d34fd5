#pragma once
#include "descriptor.hpp"
#include "plane.hpp"

namespace naevus::copies {

/// What both pictures show, on the pixels of the inner one; empty where that is less than half of its width or height.
struct Overlap {
  Plane outer, inner;
};
/// @param part  of the outer picture, which the inner one fills
Overlap both_show(const Plane& outer, const Plane& inner, const Rectangle& part);

/// Correlation of two planes of one size; 0 where one of them is plain.
double correlation(const Plane& a, const Plane& b);

/// Moves and stretches `part`, axis by axis, until what it shows of `outer` fits `inner` best: the enhanced correlation
/// coefficient (Evangelidis & Psarakis 2008), forward compositional, blind to brightness and contrast. It follows
/// errors of a few pixels.
Rectangle aligned(const Plane& outer, const Plane& inner, Rectangle part, int steps);

}  // namespace naevus::copies
