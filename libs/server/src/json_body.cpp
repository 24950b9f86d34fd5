#include "json_body.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace naevus::server {
namespace {

int depth_of(std::string_view text) {
  int depth = 0, deepest = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '\\')
      ++i;
    else if (c == '"')
      quoted = !quoted;
    else if (!quoted && (c == '[' || c == '{'))
      deepest = std::max(deepest, ++depth);
    else if (!quoted && (c == ']' || c == '}'))
      --depth;
  }
  return deepest;
}

bool is_utf8(const std::string& text) {
  try {
    nlohmann::json(text).dump();
    return true;
  } catch (const nlohmann::json::type_error&) {
    return false;
  }
}

}  // namespace

nlohmann::json read_json(std::string_view text) {
  constexpr int most = 32;
  if (depth_of(text) > most) throw Refusal(400, "json", fmt::format("the JSON is nested more than {} deep", most));
  try {
    auto value = nlohmann::json::parse(text);
    if (!value.is_object()) throw Refusal(400, "json", "the body is no JSON object");
    return value;
  } catch (const nlohmann::json::parse_error& error) {
    throw Refusal(400, "json", fmt::format("the body is no JSON: at byte {}", error.byte), "send an object, as UTF-8");
  } catch (const nlohmann::json::out_of_range&) {
    throw Refusal(400, "json", "the JSON holds a number beyond what 64 bits hold");
  }
}

void check_names(const nlohmann::json& object, std::initializer_list<std::string_view> known) {
  for (const auto& [name, value] : object.items())
    if (std::find(known.begin(), known.end(), name) == known.end())
      throw Refusal(400, "field", fmt::format("the field `{}` is not known", name),
                    fmt::format("there are {}", fmt::join(known, ", ")));
}

std::optional<std::string> text_of(const nlohmann::json& object, const std::string& name, std::size_t most) {
  const auto it = object.find(name);
  if (it == object.end()) return std::nullopt;
  if (!it->is_string()) throw Refusal(400, "field", fmt::format("the field `{}` is no text", name));
  std::string text = *it;
  check_text(name, text, most);
  return text;
}

std::string need_text(const nlohmann::json& object, const std::string& name, std::size_t most) {
  auto text = text_of(object, name, most);
  if (!text) throw Refusal(400, "field", fmt::format("the field `{}` is missing", name));
  return *text;
}

Response json_response(const nlohmann::ordered_json& value, unsigned status) {
  return {.status = status,
          .content_type = "application/json",
          .body = value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)};
}

void check_text(const std::string& field, const std::string& text, std::size_t most) {
  if (text.size() > most)
    throw Refusal(400, "field", fmt::format("the field `{}` has {} bytes, {} are taken", field, text.size(), most));
  const bool control = std::any_of(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7f;
  });
  if (!control && is_utf8(text)) return;
  throw Refusal(400, "field", fmt::format("the field `{}` is no text", field), "send UTF-8 without control characters");
}

}  // namespace naevus::server
