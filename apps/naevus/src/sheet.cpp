#include "sheet.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "naevus/image/prepare.hpp"

namespace naevus::app {
namespace {

constexpr int gap = 4;

int extent(std::size_t count, int side) {
  return gap + static_cast<int>(count) * (side + gap);
}

}  // namespace

Sheet::Sheet(std::size_t columns, std::size_t rows, int cell_width, int cell_height)
    : width_(cell_width), height_(cell_height), whole_(extent(columns, cell_width), extent(rows, cell_height)) {
  std::ranges::fill(whole_.pixels, std::uint8_t{255});
}

void Sheet::put(std::size_t row, std::size_t column, const image::Image& picture) {
  const double scale =
      std::min(static_cast<double>(width_) / picture.width, static_cast<double>(height_) / picture.height);
  const auto scaled = [scale](int side) { return std::max(1, static_cast<int>(std::lround(scale * side))); };
  const image::Image shown = image::resize(picture, scaled(picture.width), scaled(picture.height));
  const int left = extent(column, width_) + (width_ - shown.width) / 2;
  const int top = extent(row, height_) + (height_ - shown.height) / 2;
  for (int y = 0; y < shown.height; ++y)
    std::copy_n(shown.at(0, y), 3 * static_cast<std::size_t>(shown.width), whole_.at(left, top + y));
}

}  // namespace naevus::app
