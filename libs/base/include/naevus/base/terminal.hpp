#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace naevus {

bool stdout_is_terminal();
bool stderr_is_terminal();

enum class Style { plain, bold, dim, red, green, yellow, cyan };

/// The text in that style for standard output, or as it is where standard output is no terminal or NO_COLOR is set
/// (no-color.org).
std::string styled(std::string_view text, Style style);

/// Columns that a text takes up in a terminal, near enough: its UTF-8 characters.
std::size_t columns(std::string_view text);

}  // namespace naevus
