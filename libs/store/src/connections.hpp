#pragma once
#include <soci/soci.h>

#include <chrono>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <type_traits>
#include <utility>

#include "migrations.hpp"
#include "naevus/store/database.hpp"
#include "naevus/store/types.hpp"

namespace naevus::store {

/// A change under way: no other change, of this or of any process, is made meanwhile (BEGIN IMMEDIATE on SQLite, the
/// audit log's head locked on PostgreSQL). Numbers made with next() are therefore in the order of the commits.
class Transaction {
 public:
  Transaction(soci::session& session, const Actor& actor, std::string audit_key)
      : sql(session), actor_(actor), audit_key_(std::move(audit_key)) {}

  soci::session& sql;

  /// One more than the largest `seq` of the table.
  long long next(const char* table);

  /// Enters what is done here into the audit log.
  /// @param object   an id
  /// @param details  ids, numbers, names of classes; what could tell about a person only through secret()
  void audit(const std::string& action, const std::string& object, const nlohmann::json& details);

  /// A text that the audit log may hold: equal for equal texts, and nothing to be had from it without the database's
  /// key.
  std::string secret(const std::string& text) const;

 private:
  friend class Connections;

  /// Holds up all other changes until the end.
  /// @return whether the attempt before, of which no more was heard than that it was being committed, was
  bool begin(Dialect dialect);

  const Actor& actor_;
  std::string audit_key_;
  long long entries_ = 0;  ///< of the audit log, by now
  std::string head_;       ///< the hash of the last
  bool audited_ = false, committing_ = false;
};

class Connections {
 public:
  Connections(const Location& location, const DatabaseOptions& options);
  Connections(const Connections&) = delete;
  Connections& operator=(const Connections&) = delete;
  ~Connections();

  Dialect dialect() const { return dialect_; }
  const std::string& place() const { return place_; }          ///< for messages; no password
  const std::filesystem::path& file() const { return file_; }  ///< SQLite's

  /// Reads one state of the database. Work is done again where the connection was lost.
  template <typename Work>
  auto read(Work&& work) {
    return result_of<std::invoke_result_t<Work, soci::session&>>(
        work, [this](const auto& step) { run_read([&](soci::session& sql) { step(sql); }); });
  }

  /// Makes a change, all of it or nothing. Work is done again where the connection was lost and the change with it.
  template <typename Work>
  auto write(const Actor& actor, Work&& work) {
    return result_of<std::invoke_result_t<Work, Transaction&>>(
        work, [&](const auto& step) { run_write(actor, [&](Transaction& transaction) { step(transaction); }); });
  }

 private:
  class Lease;

  template <typename Result, typename Work, typename Run>
  static Result result_of(Work& work, const Run& run) {
    if constexpr (std::is_void_v<Result>) {
      run([&](auto& session) { work(session); });
    } else {
      Result result{};
      run([&](auto& session) { result = work(session); });
      return result;
    }
  }

  void run_read(const std::function<void(soci::session&)>& work);
  void run_write(const Actor& actor, const std::function<void(Transaction&)>& work);
  void open_all();
  void prepare(soci::session& session, bool writes) const;
  void use_write_ahead_log(soci::session& session) const;
  bool lost(soci::session& session, const soci::soci_error& error) const;
  void reconnect(soci::session& session) const;

  /// Does it, and where the connection was lost, once again on a new one.
  void twice(soci::session& session, const std::function<void()>& work) const;

  Dialect dialect_;
  std::string place_, parameters_, audit_key_;
  std::filesystem::path file_;
  std::chrono::milliseconds patience_;
  std::size_t sessions_;
  soci::connection_pool readers_;
  soci::connection_pool writer_;  ///< SQLite's one writer; PostgreSQL writes through the others
};

}  // namespace naevus::store
