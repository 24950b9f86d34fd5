#pragma once
#include "naevus/image/image.hpp"
#include "naevus/image/prepare.hpp"

namespace naevus::image {

/// A rectangle of a picture that lives elsewhere.
struct View {
  const Image* image = nullptr;
  int left = 0, top = 0, width = 0, height = 0;
};

inline View whole_of(const Image& image) {
  return {&image, 0, 0, image.width, image.height};
}

/// resize() of a part, without copying it first.
Image resize(const View& view, int width, int height, Filter filter = Filter::triangle);

}  // namespace naevus::image
