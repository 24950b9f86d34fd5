#pragma once
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

namespace naevus::store {

/// Where everything is kept.
struct Location {
  std::filesystem::path folder = "naevus-data";  ///< pictures; and naevus.db, where no URL is given
  std::string url;                               ///< "postgresql://…"; empty: SQLite in `folder`
};

struct DatabaseOptions {
  bool create = true;  ///< a database that is not there is made; else it is an error
  int sessions = 4;    ///< connections: readers on SQLite (beside its one writer), readers and writers on PostgreSQL
  std::chrono::milliseconds patience{30'000};  ///< how long a busy or lost database is waited for
};

class Connections;

/// The database: SQLite (naevus.db in the folder; WAL, synchronous=FULL, one writer) or PostgreSQL 15 or later, brought
/// to this program's schema when opened. May be used from any number of threads, and the same database from any number
/// of processes. What a function of this library answered is on disk.
///
/// Every function that takes a Database
/// @throws IoError if the database can't be read or written (disk full, no permission, locked or gone beyond patience)
class Database {
 public:
  /// @throws InputError if the database is newer than this program, with the version needed; if it is none of naevus
  /// @throws UsageError if the URL is not one of PostgreSQL
  explicit Database(const Location& location, const DatabaseOptions& options = {});
  Database(Database&&) noexcept;
  Database& operator=(Database&&) = delete;
  ~Database();

  /// For this library's own functions.
  Connections& connections() const { return *connections_; }

 private:
  std::unique_ptr<Connections> connections_;
};

}  // namespace naevus::store
