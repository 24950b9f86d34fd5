#include "query.hpp"

#include <fmt/format.h>

#include <charconv>

#include "json_body.hpp"
#include "naevus/server/http.hpp"

namespace naevus::server {

std::size_t limit_of(const std::string& text) {
  std::size_t limit = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
  if (error != std::errc() || end != text.data() + text.size() || limit < 1 || limit > 1000)
    throw Refusal(400, "parameter", "the parameter `limit` is no number from 1 to 1000");
  return limit;
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
