#pragma once
#include <soci/soci.h>

#include <optional>
#include <string>

#include "naevus/store/models.hpp"

namespace naevus::store {

/// The columns of table `models m` that model_of reads.
constexpr const char* model_columns =
    "m.name AS name, m.version AS version, m.sha256 AS sha256, m.parent_sha256 AS parent_sha256,"
    " m.data_hash AS data_hash, m.origin AS origin, m.note AS note, m.created_at AS created_at ";

Model model_of(const soci::row& row);

/// models.seq. @throws InputError if there is no such model
long long seq_of_model(soci::session& sql, const std::string& sha256);

}  // namespace naevus::store
