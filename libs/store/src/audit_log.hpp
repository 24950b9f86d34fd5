#pragma once
#include <string>

namespace naevus::store {

/// One row of the audit log.
struct AuditEntry {
  long long entry = 0;  ///< its number; the first is 1
  long long at = 0;     ///< milliseconds since 1970
  std::string actor, action, object;
  std::string details;   ///< JSON, as text
  std::string previous;  ///< the hash of the entry before; empty for the first
};

/// BLAKE2b-256 over the previous hash and the other fields as JSON with sorted keys.
std::string hash_of(const AuditEntry& entry);

}  // namespace naevus::store
