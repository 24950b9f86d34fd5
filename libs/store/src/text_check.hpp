#pragma once
#include <cstddef>
#include <string>

namespace naevus::store {

/// @throws InputError if the text is longer than `most` bytes, no UTF-8, or holds a zero byte, which PostgreSQL can't
/// keep
void check_text(const std::string& text, const std::string& what, std::size_t most);

}  // namespace naevus::store
