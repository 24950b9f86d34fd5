#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "commands.hpp"
#include "data_argument.hpp"
#include "naevus/store/backup.hpp"

namespace naevus::app {
namespace {

struct Options {
  store::Location location;
  std::filesystem::path backup;
};

void run(const Options& options) {
  const auto summary = store::restore(options.backup, {"local"}, options.location);
  fmt::print("{}: {} predictions, {} pictures, {} models\n", options.location.folder.string(), summary.predictions,
             summary.pictures, summary.models);
}

}  // namespace

void add_restore(CLI::App& root) {
  auto options = std::make_shared<Options>();
  CLI::App* const sub = root.add_subcommand("restore", "Put a backup where nothing is yet");
  sub->footer(
      "Examples:\n  naevus restore backups/monday --data naevus-data\n"
      "  naevus restore backups/monday --data /srv/naevus --database postgresql://naevus@db/naevus\n"
      "So one moves from SQLite to PostgreSQL, and back: the backup is the same.");
  sub->add_option("BACKUP", options->backup, "The folder that naevus backup wrote")->required();
  add_data_options(*sub, options->location);
  sub->final_callback([options] { run(*options); });
}

}  // namespace naevus::app
