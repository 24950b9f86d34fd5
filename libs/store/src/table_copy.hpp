#pragma once
#include "connections.hpp"

namespace naevus::store {

/// Copies one state of all tables into a database in which nothing was kept yet. One of the two is on SQLite; both have
/// this program's schema.
/// @throws UsageError if something is in the target
/// @throws IoError if one of them fails; nothing is in the target then
void copy_tables(Connections& source, Connections& target, const Actor& actor);

}  // namespace naevus::store
