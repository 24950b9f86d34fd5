#pragma once
#include <string>

namespace naevus::app {

/// A new password: asked for twice on the terminal, unseen, or the first line of standard input where that is none.
/// @throws UsageError if there is none, or the two differ
/// @throws Cancelled on Ctrl-C
std::string new_password();

}  // namespace naevus::app
