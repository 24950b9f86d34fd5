#pragma once
#include <soci/soci.h>

#include <cstddef>
#include <string>

namespace naevus::store {

enum class Dialect { sqlite, postgresql };

/// The version of the schema that this program works with.
std::size_t newest_schema();

/// Brings the schema to this program's, each migration in a transaction of its own; any number of processes may try.
/// @param place  names the database in errors
/// @param until  the schema to bring it to; an older one where a test wants to see it migrated
/// @throws InputError if the database is newer than this program, or holds tables that are not ours
void migrate(soci::session& session, Dialect dialect, const std::string& place, std::size_t until = newest_schema());

}  // namespace naevus::store
