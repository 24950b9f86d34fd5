#pragma once
#include <CLI/CLI.hpp>

/// What goes on with the folder that `naevus clean` wrote, one file each.
namespace naevus::app {

void add_clean_cost(CLI::App& clean);
void add_clean_review(CLI::App& clean);
void add_clean_undo(CLI::App& clean);

}  // namespace naevus::app
