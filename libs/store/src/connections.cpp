#include "connections.hpp"

#include <fmt/format.h>
#include <soci/postgresql/soci-postgresql.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <algorithm>
#include <memory>
#include <system_error>
#include <thread>

#include "failure.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"

namespace naevus::store {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

bool is_postgresql(const std::string& url) {
  return url.starts_with("postgresql://") || url.starts_with("postgres://");
}

/// The URL without user, password and options.
std::string shown(const std::string& url) {
  const auto scheme = url.find("://") + 3;
  const auto end = std::min(url.find_first_of("/?", scheme), url.size());
  const auto at = url.rfind('@', end);
  const auto host = at == std::string::npos || at < scheme ? scheme : at + 1;
  const auto options = url.find('?', host);
  return url.substr(0, scheme) + url.substr(host, options == std::string::npos ? options : options - host);
}

Dialect dialect_of(const Location& location) {
  if (location.url.empty()) return Dialect::sqlite;
  if (is_postgresql(location.url)) return Dialect::postgresql;
  throw UsageError("is not the address of a PostgreSQL database", "--database",
                   "write postgresql://USER@HOST/NAME, or leave it out to use SQLite");
}

void make_private_folder(const fs::path& folder) {
  std::error_code error;
  if (fs::exists(folder, error)) return;
  make_folder(folder);
  fs::permissions(folder, fs::perms::owner_all, error);
}

}  // namespace

/// A connection of a pool, for as long as it lives.
class Connections::Lease {
 public:
  Lease(soci::connection_pool& pool, milliseconds patience, const std::string& place) : pool_(pool) {
    if (!pool.try_lease(position_, static_cast<int>(patience.count())))
      throw IoError("all connections were busy for too long", place, "try again later");
  }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;
  ~Lease() { pool_.give_back(position_); }
  soci::session& session() { return pool_.at(position_); }

 private:
  soci::connection_pool& pool_;
  std::size_t position_ = 0;
};

Connections::Connections(const Location& location, const DatabaseOptions& options)
    : dialect_(dialect_of(location)),
      place_(dialect_ == Dialect::sqlite ? (location.folder / "naevus.db").string() : shown(location.url)),
      patience_(options.patience),
      sessions_(static_cast<std::size_t>(std::max(options.sessions, 1))),
      readers_(sessions_),
      writer_(1) {
  if (dialect_ == Dialect::sqlite) {
    file_ = location.folder / "naevus.db";
    if (place_.find('"') != std::string::npos)
      throw UsageError("the name of a data folder can't hold a quotation mark", place_);
    parameters_ = fmt::format("db=\"{}\"", place_);
    if (options.create)
      make_private_folder(location.folder);
    else if (std::error_code error; !fs::exists(file_, error))
      throw IoError("there is no database", place_, "name the data folder with --data");
  } else {
    parameters_ = location.url;
  }
  try {
    open_all();
  } catch (const soci::soci_error& error) {
    throw_failure(error, place_);
  }
}

Connections::~Connections() = default;

void Connections::open_all() {
  const auto& driver = dialect_ == Dialect::sqlite ? static_cast<const soci::backend_factory&>(soci::sqlite3)
                                                   : static_cast<const soci::backend_factory&>(soci::postgresql);
  soci::session& writer = dialect_ == Dialect::sqlite ? writer_.at(0) : readers_.at(0);
  writer.open(driver, parameters_);
  prepare(writer, true);
  migrate(writer, dialect_, place_);
  writer << "SELECT value FROM settings WHERE name = 'audit_key'", soci::into(audit_key_);
  for (std::size_t i = 0; i < sessions_; ++i) {
    soci::session& session = readers_.at(i);
    if (&session == &writer) continue;
    session.open(driver, parameters_);
    prepare(session, dialect_ == Dialect::postgresql);
    long long entries = 0;  // SQLite opens its files at the first reading: how many this program has open is then known
    session << "SELECT entries FROM audit_head", soci::into(entries);
  }
}

void Connections::prepare(soci::session& session, bool writes) const {
  if (dialect_ == Dialect::sqlite) {
    session << fmt::format("PRAGMA busy_timeout = {}", patience_.count());
    if (writes) {
      use_write_ahead_log(session);
      session << "PRAGMA synchronous = FULL";
      session << "PRAGMA foreign_keys = ON";
      session << "PRAGMA secure_delete = ON";  // what is erased is overwritten
    } else {
      session << "PRAGMA query_only = ON";
    }
  } else {
    // libpq would print what the server says beside its errors
    PQsetNoticeProcessor(
        static_cast<soci::postgresql_session_backend*>(session.get_backend())->conn_, [](void*, const char*) {},
        nullptr);
    session << "SET client_encoding = 'UTF8'";
    session << "SET synchronous_commit = on";
    session << fmt::format("SET lock_timeout = {}", patience_.count());
    session << "SET idle_in_transaction_session_timeout = '60s'";  // a client that hangs holds up all writers
  }
}

/// The switch does not wait for others as statements do.
void Connections::use_write_ahead_log(soci::session& session) const {
  const auto deadline = steady_clock::now() + patience_;
  for (;;) {
    try {
      std::string mode;
      session << "PRAGMA journal_mode = WAL", soci::into(mode);
      if (mode == "wal") return;
      throw IoError("its file system can't share memory between processes, as SQLite's write-ahead log needs", place_,
                    "use a local disk for the data folder, or PostgreSQL");
    } catch (const soci::soci_error& error) {
      if (!is_busy(error) || steady_clock::now() > deadline) throw;
      std::this_thread::sleep_for(milliseconds(20));
    }
  }
}

bool Connections::lost(soci::session& session, const soci::soci_error& error) const {
  return dialect_ == Dialect::postgresql && (is_disconnection(error) || !session.is_connected());
}

void Connections::reconnect(soci::session& session) const {
  const auto deadline = steady_clock::now() + patience_;
  for (milliseconds pause(20);; pause = std::min(pause * 2, milliseconds(1000))) {
    try {
      session.reconnect();
      prepare(session, true);
      return;
    } catch (const soci::soci_error&) {
      if (steady_clock::now() + pause > deadline) throw;
      std::this_thread::sleep_for(pause);
    }
  }
}

void Connections::twice(soci::session& session, const std::function<void()>& work) const {
  try {
    try {
      work();
    } catch (const soci::soci_error& error) {
      if (!lost(session, error)) throw;
      reconnect(session);
      work();
    }
  } catch (const soci::soci_error& error) {
    throw_failure(error, place_);
  }
}

void Connections::run_read(const std::function<void(soci::session&)>& work) {
  Lease lease(readers_, patience_, place_);
  soci::session& session = lease.session();
  twice(session, [&] {
    session << (dialect_ == Dialect::sqlite ? "BEGIN" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    try {
      work(session);
      session << "COMMIT";
    } catch (...) {
      roll_back(session);
      throw;
    }
  });
}

void Connections::run_write(const Actor& actor, const std::function<void(Transaction&)>& work) {
  Lease lease(dialect_ == Dialect::sqlite ? writer_ : readers_, patience_, place_);
  soci::session& session = lease.session();
  Transaction transaction(session, actor, audit_key_);
  twice(session, [&] {
    session << (dialect_ == Dialect::sqlite ? "BEGIN IMMEDIATE" : "BEGIN");
    try {
      if (!transaction.begin(dialect_)) work(transaction);
      transaction.committing_ = transaction.audited_;
      session << "COMMIT";
    } catch (...) {
      roll_back(session);
      throw;
    }
  });
}

bool Transaction::begin(Dialect dialect) {
  const long long tried = entries_;
  const std::string tried_hash = head_;
  sql << "SELECT entries, hash FROM audit_head" << (dialect == Dialect::postgresql ? " FOR UPDATE" : ""),
      soci::into(entries_), soci::into(head_);
  audited_ = false;
  if (!committing_) return false;
  committing_ = false;
  long long found = 0;
  sql << "SELECT COUNT(*) FROM audit WHERE entry = :entry AND hash = :hash", soci::use(tried), soci::use(tried_hash),
      soci::into(found);
  return found == 1;
}

long long Transaction::next(const char* table) {
  long long last = 0;
  sql << "SELECT COALESCE(MAX(seq), 0) FROM " << table, soci::into(last);
  return last + 1;
}

Database::Database(const Location& location, const DatabaseOptions& options)
    : connections_(std::make_unique<Connections>(location, options)) {}
Database::Database(Database&&) noexcept = default;
Database::~Database() = default;

}  // namespace naevus::store
