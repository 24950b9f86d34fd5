#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "data_argument.hpp"
#include "exit_code.hpp"
#include "naevus/store/audit.hpp"

namespace naevus::app {
namespace {

struct Options {
  store::Location location;
  bool json = false;
};

void print(const store::AuditReport& report, bool json) {
  if (json) {
    nlohmann::json entry{{"entries", report.entries}, {"head", report.head}, {"broken", nullptr}};
    if (report.broken) entry["broken"] = {{"entry", report.broken->entry}, {"problem", report.broken->problem}};
    fmt::print("{}\n", entry.dump(2));
  } else if (report.broken) {
    fmt::print("entry {} {}; the {} before it are as they were written\n", report.broken->entry, report.broken->problem,
               report.entries);
  } else {
    fmt::print("{} entries, all as they were written; head {}\n", report.entries, report.head);
  }
}

void verify(const Options& options) {
  store::Database database(options.location, {.create = false});
  const auto report = store::verify_audit(database);
  print(report, options.json);
  if (report.broken) throw Exit{ExitCode::failed};
}

}  // namespace

void add_audit(CLI::App& root) {
  auto options = std::make_shared<Options>();
  CLI::App* const audit =
      root.add_subcommand("audit", "Check the log of all changes that the detector's data have seen");
  audit->footer("Examples:\n  naevus audit verify\n  naevus audit verify --json");
  audit->require_subcommand(1);
  CLI::App* const sub = audit->add_subcommand(
      "verify", "Hold every entry to the chain of hashes, and name the first one that was changed (exit code 1)");
  sub->add_flag("--json", options->json, "As JSON; the head, noted elsewhere, holds the log to what it is now");
  add_data_options(*sub, options->location);
  sub->final_callback([options] { verify(*options); });
}

}  // namespace naevus::app
