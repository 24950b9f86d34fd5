#pragma once
#include <soci/soci.h>

#include <string>

/// What the databases' errors mean.
namespace naevus::store {

/// Another process holds SQLite's lock.
bool is_busy(const soci::soci_error& error);

/// PostgreSQL has ended the connection.
bool is_disconnection(const soci::soci_error& error);

/// Takes back what the transaction did. That it can't be is no error: with its connection a change is gone too, and
/// after some errors SQLite has taken it back already.
void roll_back(soci::session& session);

/// @throws IoError or InputError with what happened and what can be done; no values of the statement, which may be
///         secrets or tell about a person
[[noreturn]] void throw_failure(const soci::soci_error& error, const std::string& place);

}  // namespace naevus::store
