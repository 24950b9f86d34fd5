#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace naevus {

/// Edits (insertions, deletions, replacements of a byte) that turn one word into the other (Levenshtein 1966).
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The word that takes the fewest edits; the first of several.
/// @param words  not empty
const std::string& nearest_word(std::string_view word, std::span<const std::string> words);

/// Lower case (ASCII), one space for each run of spaces, tabs, underscores and hyphens; none at the ends.
std::string folded(const std::string& text);

}  // namespace naevus
