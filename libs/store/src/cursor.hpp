#pragma once
#include <string>

namespace naevus::store {

/// The number of the row before which a page begins, newest first: that of the page before's last one, which its cursor
/// is, or a number beyond all.
/// @param pages  of what, in words, for the error
/// @throws InputError if no such page gave that cursor
long long begin_of_page(const std::string& cursor, const std::string& pages);

}  // namespace naevus::store
