#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace naevus::image {

/// A picture in memory: 8-bit RGB, rows from the top, no padding. pixels.size() == 3 * width * height.
struct Image {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> pixels;

  Image() = default;
  Image(int w, int h) : width(w), height(h), pixels(3 * static_cast<std::size_t>(w) * static_cast<std::size_t>(h)) {}

  std::uint8_t* at(int x, int y) { return pixels.data() + offset(x, y); }
  const std::uint8_t* at(int x, int y) const { return pixels.data() + offset(x, y); }
  bool operator==(const Image&) const = default;

 private:
  std::size_t offset(int x, int y) const {
    return 3 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x));
  }
};

/// The same for equal pictures whatever file they came from: hash_hex of the text "WIDTHxHEIGHT:" + hash_hex(pixels).
std::string pixel_hash(const Image& image);

}  // namespace naevus::image
