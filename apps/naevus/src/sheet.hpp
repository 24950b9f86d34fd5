#pragma once
#include <cstddef>

#include "naevus/image/image.hpp"

namespace naevus::app {

/// Pictures side by side in cells of one size, white between them.
class Sheet {
 public:
  Sheet(std::size_t columns, std::size_t rows, int cell_width, int cell_height);

  /// Shows the picture in the middle of its cell, shrunk or enlarged to fit with its aspect kept.
  void put(std::size_t row, std::size_t column, const image::Image& picture);
  const image::Image& picture() const { return whole_; }

 private:
  int width_, height_;
  image::Image whole_;
};

}  // namespace naevus::app
