#pragma once
#include <string>

#include "naevus/server/http.hpp"

namespace naevus::server {

/// Whether the client has it already: If-None-Match (RFC 9110, section 13.1.2) names that entity tag, or any.
bool has_already(const Head& head, const std::string& tag);

/// Who may keep an answer with that entity tag: the client alone, who asks each time whether it still holds.
Fields tagged(const std::string& tag);

}  // namespace naevus::server
