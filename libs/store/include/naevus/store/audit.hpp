#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "naevus/store/database.hpp"

namespace naevus::store {

/// What a walk along the audit log found. Every change that this library makes, but counts of a shadow's agreement, is
/// entered in the same transaction: when, who (Actor), what, to which id, with ids and keyed hashes as details and no
/// personal data. Each entry's hash is BLAKE2b-256 over the previous hash and the entry as JSON with sorted keys.
struct AuditReport {
  std::int64_t entries = 0;
  std::string head;  ///< the last hash; noted elsewhere, it holds the whole log to what it is now
  struct Broken {
    std::int64_t entry;   ///< its number; the first is 1
    std::string problem;  ///< "was changed", "is missing", …
  };
  std::optional<Broken> broken;  ///< the first entry that is not as it was written
};

/// Walks the whole audit log.
AuditReport verify_audit(Database& database);

}  // namespace naevus::store
