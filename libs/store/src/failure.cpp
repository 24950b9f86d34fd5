#include "failure.hpp"

#include <soci/postgresql/soci-postgresql.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <system_error>

#include "naevus/base/disk_full.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/log.hpp"

namespace naevus::store {
namespace {

int sqlite_code(const soci::soci_error& error) {
  const auto* found = dynamic_cast<const soci::sqlite3_soci_error*>(&error);
  return found == nullptr ? SQLITE_OK : found->result() & 0xff;  // without the extended part
}

std::string postgresql_state(const soci::soci_error& error) {
  const auto* found = dynamic_cast<const soci::postgresql_soci_error*>(&error);
  return found == nullptr ? "" : found->sqlstate();
}

constexpr const char* disk_full = "the disk is full";
constexpr const char* room_advice = "free some space there; what was answered before is kept";

/// Whether there is no room for SQLite's files beside the one of that name.
bool is_full(const std::string& place) {
  constexpr std::uintmax_t least = 64 << 10;
  std::error_code error;
  const auto file = std::filesystem::absolute(place, error);
  if (error) return false;
  const auto space = std::filesystem::space(file.parent_path(), error);
  return !error && space.available < least;
}

/// The database's own words: the first line, without SOCI's and PostgreSQL's introductions.
std::string words(const soci::soci_error& error) {
  std::string text = error.get_error_message();
  text.resize(std::min(text.find('\n'), text.size()));
  for (const char* introduction : {"ERROR:  ", "FATAL:  ", "PANIC:  ", "failed: "}) {
    if (const auto at = text.find(introduction); at != std::string::npos)
      text.erase(0, at + std::char_traits<char>::length(introduction));
  }
  if (const auto function = text.find("::"), colon = text.find(": "); function < colon && colon != std::string::npos)
    text.erase(0, colon + 2);
  return text;
}

}  // namespace

bool is_busy(const soci::soci_error& error) {
  const int code = sqlite_code(error);
  return code == SQLITE_BUSY || code == SQLITE_LOCKED;
}

bool is_disconnection(const soci::soci_error& error) {
  const std::string state = postgresql_state(error);
  return state.starts_with("08") || state.starts_with("57P") || state == "25P03";  // 25P03: idle for too long
}

void roll_back(soci::session& session) {
  try {
    session << "ROLLBACK";
  } catch (const soci::soci_error& error) {
    log::debug("there was nothing to roll back: " + words(error));
  }
}

void throw_failure(const soci::soci_error& error, const std::string& place) {
  const int code = sqlite_code(error);
  const std::string state = postgresql_state(error);
  if (code == SQLITE_NOTADB) throw InputError("is no SQLite database", place, "name another data folder");
  if (code == SQLITE_CORRUPT) throw IoError("is damaged: " + words(error), place, "restore it from a backup");
  if (code == SQLITE_FULL || state == "53100") throw DiskFull(disk_full, place, room_advice);
  if (is_busy(error) || state == "55P03")
    throw IoError("another process has held it for too long", place, "try again later");
  if (code == SQLITE_READONLY || code == SQLITE_CANTOPEN || code == SQLITE_PERM)
    throw IoError("can't be opened for writing: " + words(error), place,
                  "check the permissions or choose another folder");
  if (code == SQLITE_IOERR && is_full(place))  // so it says where there is no room for the log's shared memory
    throw DiskFull(disk_full, place, room_advice);
  if (code == SQLITE_IOERR)
    throw IoError("can't be read or written: " + words(error), place, "check the disk and its free space");
  throw IoError("the database refuses: " + words(error), place);
}

}  // namespace naevus::store
