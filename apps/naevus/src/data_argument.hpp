#pragma once
#include <CLI/CLI.hpp>

#include "naevus/store/database.hpp"

namespace naevus::app {

/// Adds --data and --database, which say where everything is kept.
void add_data_options(CLI::App& command, store::Location& location);

}  // namespace naevus::app
