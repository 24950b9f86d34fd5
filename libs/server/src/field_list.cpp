#include "field_list.hpp"

#include <algorithm>
#include <charconv>

namespace naevus::server {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t";
  text.remove_prefix(std::min(text.find_first_not_of(blank), text.size()));
  return text.substr(0, text.find_last_not_of(blank) + 1);
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_word(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

/// Up to the mark, which goes with it.
std::string_view take_until(char mark, std::string_view& rest) {
  const std::size_t end = std::min(rest.find(mark), rest.size());
  const std::string_view taken = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return trimmed(taken);
}

double number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  return error == std::errc() && end == text.data() + text.size() && value >= 0 && value <= 1 ? value : 0;
}

}  // namespace

std::vector<std::string> list_of(const Fields& fields, std::string_view name) {
  std::vector<std::string> entries;
  for (const auto& [field, value] : fields) {
    if (field != name) continue;
    std::string_view rest = value;
    for (std::size_t comma = rest.find(','); comma != rest.npos; comma = rest.find(',')) {
      entries.emplace_back(trimmed(rest.substr(0, comma)));
      rest.remove_prefix(comma + 1);
    }
    entries.emplace_back(trimmed(rest));
  }
  return entries;
}

std::optional<double> weight_of(const std::vector<std::string>& entries, std::string_view choice) {
  for (const std::string& entry : entries) {
    std::string_view rest = entry;
    if (!same_word(take_until(';', rest), choice)) continue;
    while (!rest.empty()) {
      std::string_view value = take_until(';', rest);
      if (same_word(take_until('=', value), "q")) return number(trimmed(value));
    }
    return 1;
  }
  return std::nullopt;
}

}  // namespace naevus::server
