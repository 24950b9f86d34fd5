#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "naevus/server/http.hpp"

namespace naevus::server {

/// The entries of a list in all fields of that name, in their order (RFC 9110, section 5.3).
std::vector<std::string> list_of(const Fields& fields, std::string_view name);

/// How much an Accept or Accept-Encoding wants that choice, by its q: 0, not at all, to 1. What is no such number
/// counts as 0. Nothing: it names it not; what stands for any ("*") is a choice of its own. (RFC 9110, section 12.4.2)
std::optional<double> weight_of(const std::vector<std::string>& entries, std::string_view choice);

}  // namespace naevus::server
