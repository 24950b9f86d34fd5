#include "naevus/store/audit.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "audit_log.hpp"
#include "connections.hpp"
#include "crypto.hpp"

namespace naevus::store {
namespace {

AuditEntry entry_of(const soci::row& row) {
  return {.entry = row.get<long long>("entry"),
          .at = row.get<long long>("at"),
          .actor = row.get<std::string>("actor"),
          .action = row.get<std::string>("action"),
          .object = row.get<std::string>("object"),
          .details = row.get<std::string>("details"),
          .previous = row.get<std::string>("previous")};
}

/// What is wrong with an entry where `expected` is the number and `previous` the hash that must come; empty: nothing.
std::string problem_of(const AuditEntry& entry, const std::string& hash, const std::string& previous) {
  if (hash_of(entry) != hash) return "was changed";
  if (entry.previous != previous) return "does not follow from the one before: one of the two was replaced";
  return {};
}

/// The next entries behind those that were walked; PostgreSQL's answers are held in memory whole.
soci::rowset<soci::row> next_entries(soci::session& sql, std::int64_t walked) {
  const auto last = static_cast<long long>(walked);
  return (sql.prepare << "SELECT entry, at, actor, action, object, details, previous, hash FROM audit"
                         " WHERE entry > :last ORDER BY entry LIMIT 10000",
          soci::use(last));
}

AuditReport walk(soci::session& sql) {
  AuditReport report;
  long long entries = 0;
  std::string head;
  sql << "SELECT entries, hash FROM audit_head", soci::into(entries), soci::into(head);
  const auto broken = [&](long long entry, std::string problem) {
    report.broken = {.entry = entry, .problem = std::move(problem)};
    return report;
  };
  for (std::int64_t before = -1; before != report.entries;) {
    before = report.entries;
    for (const auto& row : next_entries(sql, before)) {
      const AuditEntry entry = entry_of(row);
      const long long expected = report.entries + 1;
      if (entry.entry != expected) return broken(expected, "is missing");
      const auto hash = row.get<std::string>("hash");
      if (auto problem = problem_of(entry, hash, report.head); !problem.empty()) return broken(expected, problem);
      report.entries = expected;
      report.head = hash;
    }
  }
  if (report.entries < entries) return broken(report.entries + 1, "is missing");
  if (report.entries > entries) return broken(entries + 1, "was not entered by naevus");
  if (report.head != head) return broken(entries, "is not the one that was written last");
  return report;
}

}  // namespace

std::string hash_of(const AuditEntry& entry) {
  const nlohmann::json fields{{"entry", entry.entry},   {"at", entry.at},         {"actor", entry.actor},
                              {"action", entry.action}, {"object", entry.object}, {"details", entry.details}};
  return blake2b(entry.previous + fields.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

void Transaction::audit(const std::string& action, const std::string& object, const nlohmann::json& details) {
  const AuditEntry entry{.entry = entries_ + 1,
                         .at = now().time_since_epoch().count(),
                         .actor = actor_.id,
                         .action = action,
                         .object = object,
                         .details = details.dump(),
                         .previous = head_};
  const std::string hash = hash_of(entry);
  sql << "INSERT INTO audit (entry, at, actor, action, object, details, previous, hash)"
         " VALUES (:entry, :at, :actor, :action, :object, :details, :previous, :hash)",
      soci::use(entry.entry), soci::use(entry.at), soci::use(entry.actor), soci::use(entry.action),
      soci::use(entry.object), soci::use(entry.details), soci::use(entry.previous), soci::use(hash);
  sql << "UPDATE audit_head SET entries = :entries, hash = :hash", soci::use(entry.entry), soci::use(hash);
  entries_ = entry.entry;
  head_ = hash;
  audited_ = true;
}

std::string Transaction::secret(const std::string& text) const {
  return text.empty() ? "" : keyed_blake2b(audit_key_, text);
}

AuditReport verify_audit(Database& database) {
  return database.connections().read(walk);
}

}  // namespace naevus::store
