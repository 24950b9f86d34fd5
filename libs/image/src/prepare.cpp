#include "naevus/image/prepare.hpp"

#include <algorithm>

#include "frame.hpp"

namespace naevus::image {

View framed(const Image& image, Frame frame) {
  if (frame == Frame::whole) return whole_of(image);
  const int side = std::min(image.width, image.height);
  return {&image, (image.width - side) / 2, (image.height - side) / 2, side, side};
}

Image prepare(const Image& image, const Preparation& preparation) {
  return resize(framed(image, preparation.frame), preparation.width, preparation.height);
}

}  // namespace naevus::image
