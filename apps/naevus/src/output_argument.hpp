#pragma once
#include <filesystem>
#include <vector>

namespace naevus::app {

/// Holds that no command replaces what it reads. Paths are compared by the file that they lead to; empty ones are
/// passed over.
/// @throws UsageError if `out` is one of the inputs
void keep_inputs(const std::filesystem::path& out, const std::vector<std::filesystem::path>& inputs);

}  // namespace naevus::app
