#include "naevus/copies/symmetry.hpp"

#include <algorithm>
#include <array>

namespace naevus::copies {

std::string_view symmetry_name(Symmetry symmetry) {
  constexpr std::array<std::string_view, symmetries> names{
      "as it is",   "mirrored",      "mirrored top to bottom", "turned by 180°",
      "transposed", "turned by 90°", "turned by 270°",         "transposed and turned by 180°"};
  return names.at(symmetry);
}

image::Image turned(const image::Image& picture, Symmetry symmetry) {
  const bool transposed = (symmetry & 4) != 0;
  image::Image out(transposed ? picture.height : picture.width, transposed ? picture.width : picture.height);
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) {
      const Place from = place_before(symmetry, x, y, out.width, out.height);
      std::copy_n(picture.at(from.x, from.y), 3, out.at(x, y));
    }
  }
  return out;
}

}  // namespace naevus::copies
