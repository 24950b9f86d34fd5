#pragma once
#include <cstddef>
#include <vector>

#include "naevus/copies/symmetry.hpp"
#include "naevus/image/image.hpp"

namespace naevus::copies {

/// A grey picture of floats, rows from the top.
struct Plane {
  int width = 0, height = 0;
  std::vector<float> values;

  Plane() = default;
  Plane(int w, int h) : width(w), height(h), values(static_cast<std::size_t>(w) * static_cast<std::size_t>(h)) {}
  float* row(int y) { return values.data() + static_cast<std::ptrdiff_t>(y) * width; }
  const float* row(int y) const { return values.data() + static_cast<std::ptrdiff_t>(y) * width; }
};

/// The picture's grey levels (Rec. 601), each the mean of the pixels, and parts of pixels, that it covers.
Plane grey_plane(const image::Image& picture, int width, int height);

Plane turned(const Plane& plane, Symmetry symmetry);

/// Means over (2 radius + 1)² windows, smaller at the border.
Plane box_blurred(const Plane& plane, int radius);

}  // namespace naevus::copies
