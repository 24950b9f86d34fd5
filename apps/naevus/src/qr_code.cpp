#include "qr_code.hpp"

#include <qrencode.h>

#include <memory>

#include "naevus/base/error.hpp"

namespace naevus::app {

std::string qr_code(const std::string& text, bool coloured) {
  constexpr int quiet = 4;
  const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_M),
                                                             &QRcode_free);
  if (!code) throw Error("no QR code can be made of it", text);
  const int width = code->width;
  const auto light = [&](int x, int y) {
    if (x < 0 || y < 0 || x >= width || y >= width) return true;
    return (code->data[y * width + x] & 1) == 0;
  };
  std::string drawn;
  for (int y = -quiet; y < width + quiet; y += 2) {
    if (coloured) drawn += "\x1b[38;5;231;48;5;16m";
    for (int x = -quiet; x < width + quiet; ++x) {
      const bool above = light(x, y), below = light(x, y + 1);
      drawn += above && below ? "█" : above ? "▀" : below ? "▄" : " ";
    }
    drawn += coloured ? "\x1b[0m\n" : "\n";
  }
  return drawn;
}

}  // namespace naevus::app
