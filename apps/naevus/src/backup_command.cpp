#include "naevus/store/backup.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "commands.hpp"
#include "data_argument.hpp"

namespace naevus::app {
namespace {

struct Options {
  store::Location location;
  std::filesystem::path out;
};

void run(const Options& options) {
  store::Database database(options.location, {.create = false});
  const store::PictureFolder pictures(options.location.folder);
  const store::ModelFolder models(options.location.folder);
  const auto summary = store::back_up(database, pictures, models, {"local"}, options.out);
  fmt::print("{}: {} predictions, {} pictures, {} models\n", options.out.string(), summary.predictions,
             summary.pictures, summary.models);
}

}  // namespace

void add_backup(CLI::App& root) {
  auto options = std::make_shared<Options>();
  CLI::App* const sub =
      root.add_subcommand("backup", "Copy the detector's database, pictures and models while it runs");
  sub->footer(
      "Examples:\n  naevus backup -o backups/monday\n"
      "  naevus backup --database postgresql://naevus@db/naevus --data /srv/naevus -o /backups/monday\n"
      "naevus restore puts it back, into either kind of database.");
  sub->add_option("-o,--output", options->out, "The new folder to write; it appears whole or not at all")->required();
  add_data_options(*sub, options->location);
  sub->final_callback([options] { run(*options); });
}

}  // namespace naevus::app
