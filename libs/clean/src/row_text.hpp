#pragma once
#include <cstddef>
#include <string>

namespace naevus::clean {

/// Rows in files count from 1, without the header; no_row is empty.
std::string row_text(std::size_t row);
/// @throws InputError
std::size_t row_from(const std::string& text, const std::string& where);

}  // namespace naevus::clean
