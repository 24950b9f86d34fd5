#pragma once
#include <soci/soci.h>

#include <optional>
#include <string>

#include "naevus/store/access.hpp"

namespace naevus::store {

/// The key of which that column (of table api_keys) has that value, unless it was revoked or has expired by then.
std::optional<ApiKey> valid_key(soci::session& sql, const std::string& column, const std::string& value, Time at);

}  // namespace naevus::store
