#include "text_check.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "naevus/base/error.hpp"

namespace naevus::store {

void check_text(const std::string& text, const std::string& what, std::size_t most) {
  if (text.size() > most) throw InputError(fmt::format("is longer than {} bytes", most), what);
  if (text.find('\0') != std::string::npos) throw InputError("holds a zero byte", what);
  try {
    (void)nlohmann::json(text).dump();
  } catch (const nlohmann::json::type_error&) {
    throw InputError("is not UTF-8", what);
  }
}

}  // namespace naevus::store
