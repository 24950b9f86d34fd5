#pragma once
#include <CLI/CLI.hpp>

/// The subcommands of `naevus`, one file each. Each function adds its command to the program; the work is done in the
/// command's callback, which throws naevus::Error on failure.
namespace naevus::app {

void add_completion(CLI::App& root);
void add_import(CLI::App& root);
void add_split(CLI::App& root);

}  // namespace naevus::app
