#include "data_argument.hpp"

namespace naevus::app {

void add_data_options(CLI::App& command, store::Location& location) {
  command.add_option("--data", location.folder, "The data folder: pictures and, without --database, the database")
      ->capture_default_str()
      ->type_name("DIR");
  command
      .add_option("--database", location.url,
                  "A PostgreSQL database, as postgresql://USER@HOST/NAME; leave its password to ~/.pgpass")
      ->type_name("URL");
}

}  // namespace naevus::app
