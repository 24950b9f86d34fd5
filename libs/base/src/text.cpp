#include "naevus/base/text.hpp"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace naevus {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0U);
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t best = std::min({row[j] + 1, row[j + 1] + 1, diagonal + (a[i] == b[j] ? 0U : 1U)});
      diagonal = std::exchange(row[j + 1], best);
    }
  }
  return row.back();
}

const std::string& nearest_word(std::string_view word, std::span<const std::string> words) {
  return *std::min_element(words.begin(), words.end(), [&](const std::string& a, const std::string& b) {
    return edit_distance(word, a) < edit_distance(word, b);
  });
}

std::string folded(const std::string& text) {
  std::string result;
  for (const char c : text) {
    const bool gap = c == ' ' || c == '_' || c == '-' || c == '\t';
    if (gap && (result.empty() || result.back() == ' ')) continue;
    result += gap ? ' ' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  if (!result.empty() && result.back() == ' ') result.pop_back();
  return result;
}

}  // namespace naevus
