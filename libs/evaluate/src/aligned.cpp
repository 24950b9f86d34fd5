#include "aligned.hpp"

#include <algorithm>

#include "naevus/base/terminal.hpp"

namespace naevus::evaluate {
namespace {

std::string padded(const std::string& text, std::size_t width, bool right) {
  const std::string space(width - std::min(width, columns(text)), ' ');
  return right ? space + text : text + space;
}

}  // namespace

std::string aligned(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> width(rows.front().size());
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) width[i] = std::max(width[i], columns(row[i]));
  std::string text;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::string line;
    for (std::size_t i = 0; i < rows[r].size(); ++i) line += (i > 0 ? "  " : "") + padded(rows[r][i], width[i], i > 0);
    line.erase(line.find_last_not_of(' ') + 1);
    text += (r == 0 ? styled(line, Style::dim) : line) + "\n";
  }
  return text;
}

}  // namespace naevus::evaluate
