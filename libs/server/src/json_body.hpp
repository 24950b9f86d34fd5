#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "naevus/server/http.hpp"

namespace naevus::server {

/// A request's JSON.
/// @throws Refusal 400 where it is none, is nested more than 32 deep, or is no object
nlohmann::json read_json(std::string_view text);

/// An answer's JSON; bytes that are no UTF-8 become U+FFFD.
Response json_response(const nlohmann::ordered_json& value, unsigned status = 200);

/// Text that may be kept: UTF-8 without control characters.
/// @throws Refusal 400 naming the field, if it is not, or is longer than that many bytes
void check_text(const std::string& field, const std::string& text, std::size_t most);

}  // namespace naevus::server
