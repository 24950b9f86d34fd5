#include "query.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "json_body.hpp"
#include "naevus/server/http.hpp"

namespace naevus::server {
namespace {

/// A number of digits in the text at that place.
std::optional<int> digits(const std::string& text, std::size_t at, std::size_t count) {
  int value = 0;
  const char* const end = text.data() + std::min(text.size(), at + count);
  const auto [stop, error] = std::from_chars(text.data() + std::min(text.size(), at), end, value);
  if (error != std::errc() || stop != end || at + count > text.size() || text[at] == '-') return std::nullopt;
  return value;
}

}  // namespace

std::size_t limit_of(const std::string& text) {
  std::size_t limit = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
  if (error != std::errc() || end != text.data() + text.size() || limit < 1 || limit > 1000)
    throw Refusal(400, "parameter", "the parameter `limit` is no number from 1 to 1000");
  return limit;
}

store::Time time_of(const std::string& name, const std::string& text) {
  const auto wrong = [&] {
    return Refusal(400, "parameter", fmt::format("the parameter `{}` is no time", name),
                   "send universal time: 2026-01-31 or 2026-01-31T09:30:00.125Z");
  };
  const auto year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
  if (!year || !month || !day || text[4] != '-' || text[7] != '-') throw wrong();
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) throw wrong();
  store::Time time = std::chrono::sys_days(date);
  if (text.size() == 10) return time;
  const auto hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2);
  const bool whole = text.size() == 20 && text[19] == 'Z';
  const auto thousandths = text.size() == 24 && text[19] == '.' && text[23] == 'Z' ? digits(text, 20, 3) : std::nullopt;
  if (!hour || !minute || !second || text[10] != 'T' || text[13] != ':' || text[16] != ':' || *hour > 23 ||
      *minute > 59 || *second > 59 || (!whole && !thousandths))
    throw wrong();
  time += std::chrono::hours(*hour) + std::chrono::minutes(*minute) + std::chrono::seconds(*second);
  return time + std::chrono::milliseconds(thousandths.value_or(0));
}

PageAsked page_of(const Head& head) {
  PageAsked page;
  for (const auto& [name, value] : head.query) {
    if (name == "limit")
      page.limit = limit_of(value);
    else if (name == "cursor")
      check_text(name, page.cursor = value, 1000);
    else
      refuse_parameter(name, "limit and cursor");
  }
  return page;
}

void refuse_parameter(const std::string& name, const std::string& known) {
  throw Refusal(400, "parameter", fmt::format("the parameter `{}` is not known", name), "there are " + known);
}

void check_patient_key(const std::string& key) {
  check_text("patient_key", key, 100);
  if (key.starts_with('.') || key.find_first_of("/\n\t") != std::string::npos)
    throw Refusal(400, "field", "the field `patient_key` can't stand in an address",
                  "use a pseudonym without slashes, line breaks and a dot in front");
}

}  // namespace naevus::server
