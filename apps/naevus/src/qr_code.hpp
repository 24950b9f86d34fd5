#pragma once
#include <string>

namespace naevus::app {

/// A QR code of the text (error correction M) for a terminal, in half-block characters, two modules each, with its
/// quiet zone of 4 modules; one line a row. Light is the foreground: white on black by escapes or, uncoloured, as a
/// dark terminal shows it.
/// @throws Error if the text is too long for one
std::string qr_code(const std::string& text, bool coloured);

}  // namespace naevus::app
