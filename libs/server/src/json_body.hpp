#pragma once
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "naevus/server/http.hpp"

namespace naevus::server {

/// A request's JSON.
/// @throws Refusal 400 where it is none, is nested more than 32 deep, or is no object
nlohmann::json read_json(std::string_view text);

/// @throws Refusal 400 naming a field that is none of these
void check_names(const nlohmann::json& object, std::initializer_list<std::string_view> known);

/// The object's text of that name; nothing where it has no such field.
/// @throws Refusal 400 where it is no text, or has more than that many bytes
std::optional<std::string> text_of(const nlohmann::json& object, const std::string& name, std::size_t most);

/// The same of a field that must be there. @throws Refusal 400 also where it is not
std::string need_text(const nlohmann::json& object, const std::string& name, std::size_t most);

/// An answer's JSON; bytes that are no UTF-8 become U+FFFD.
Response json_response(const nlohmann::ordered_json& value, unsigned status = 200);

/// Text that may be kept: UTF-8 without control characters.
/// @throws Refusal 400 naming the field, if it is not, or is longer than that many bytes
void check_text(const std::string& field, const std::string& text, std::size_t most);

}  // namespace naevus::server
