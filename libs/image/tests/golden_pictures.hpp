#pragma once
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "naevus/base/file.hpp"

namespace naevus::image {

inline std::filesystem::path golden(const std::string& name) {
  return std::filesystem::path(NAEVUS_SOURCE_DIR) / "tests/golden" / name;
}

inline nlohmann::json golden_json(const std::string& name) {
  return nlohmann::json::parse(read_text(golden(name)));
}

inline std::vector<std::byte> golden_picture(const std::string& name) {
  return read_file(golden("images/" + name));
}

inline std::vector<std::byte> bytes_of(std::string_view text) {
  const auto view = as_bytes(text);
  return {view.begin(), view.end()};
}

}  // namespace naevus::image
