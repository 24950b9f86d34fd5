#pragma once
#include <string>

namespace naevus::app {

struct Size {
  int width = 0, height = 0;
};

/// What --size says: "600x450", or "224" for a square.
/// @throws UsageError if it is no such text
Size read_size(const std::string& text);

}  // namespace naevus::app
