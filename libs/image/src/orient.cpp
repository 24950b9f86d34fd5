#include "orient.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace naevus::image {

Image oriented(Image image, int orientation) {
  if (orientation < 2 || orientation > 8) return image;
  const bool transposed = orientation >= 5;
  const int w = image.width, h = image.height;
  Image out = transposed ? Image(h, w) : Image(w, h);

  // The stored column or row runs backwards along the axis that it becomes.
  const bool mirror_x = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const bool mirror_y = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  for (int y = 0; y < out.height; ++y) {
    std::uint8_t* to = out.at(0, y);
    for (int x = 0; x < out.width; ++x, to += 3) {
      int sx = transposed ? y : x, sy = transposed ? x : y;
      if (mirror_x) sx = w - 1 - sx;
      if (mirror_y) sy = h - 1 - sy;
      std::copy_n(std::as_const(image).at(sx, sy), 3, to);
    }
  }
  return out;
}

}  // namespace naevus::image
