#include "picture_in_terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "naevus/image/prepare.hpp"

namespace naevus::app {
namespace {

/// Shrunk to that many columns; the number of pixel rows is even.
image::Image shrunk(const image::Image& picture, int columns) {
  const double rows = static_cast<double>(columns) * picture.height / picture.width;
  const int height = std::clamp(2 * static_cast<int>(std::lround(rows / 2)), 2, 3 * columns);
  return image::resize(picture, columns, height);
}

constexpr std::array<std::uint8_t, 3> nothing{0, 0, 0};

const std::uint8_t* pixel(const image::Image& picture, int x, int y) {
  return y < picture.height ? picture.at(x, y) : nothing.data();
}

/// One character row: the upper pixel is its ink, the lower one its ground.
std::string row_of(const image::Image& picture, int y) {
  std::string text;
  for (int x = 0; x < picture.width; ++x) {
    const std::uint8_t *upper = pixel(picture, x, y), *lower = pixel(picture, x, y + 1);
    text +=
        fmt::format("\x1b[38;2;{};{};{};48;2;{};{};{}m▀", upper[0], upper[1], upper[2], lower[0], lower[1], lower[2]);
  }
  return text + "\x1b[0m";
}

}  // namespace

std::string in_terminal(const image::Image& first, const std::optional<image::Image>& second, int width) {
  constexpr int gap = 2, most = 48;
  const int columns = std::clamp(second ? (width - gap) / 2 : width, 8, most);
  const image::Image left = shrunk(first, columns);
  const image::Image right = second ? shrunk(*second, columns) : image::Image();
  std::string text;
  for (int y = 0; y < std::max(left.height, right.height); y += 2) {
    text += row_of(left, y);
    if (second) text += std::string(gap, ' ') + row_of(right, y);
    text += '\n';
  }
  return text;
}

}  // namespace naevus::app
