#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "naevus/base/terminal.hpp"
#include "run_folder.hpp"

namespace naevus::app {
namespace {

struct Options {
  std::filesystem::path folder = "runs";
  bool json = false;
};

std::string value(const RunFolder& run, const char* key) {
  const auto found = run.config.find(key);
  return found == run.config.end() ? "" : found->second;
}

nlohmann::json as_json(const RunFolder& run) {
  nlohmann::json entry{{"folder", run.path.string()},
                       {"finished", run.finished},
                       {"epochs_done", run.epochs_done},
                       {"epochs", run.epochs},
                       {"config", run.config}};
  if (run.best) {
    entry["best"] = {{"epoch", run.best->epoch},
                     {"balanced_accuracy", run.best->balanced_accuracy},
                     {"macro_auc", run.best->macro_auc}};
  }
  return entry;
}

void print_table(const std::vector<RunFolder>& runs) {
  std::size_t width = 6;
  for (const auto& run : runs) width = std::max(width, columns(run.path.string()));
  fmt::print("{:{}}  {:>7}  {:>8}  {:>9}  {:<19} {:>9}  {:>8}  {}\n", "folder", width, "epochs", "val BACC",
             "macro AUC", "architecture", "size", "rate", "balancing");
  for (const auto& run : runs) {
    const auto score = [&](double RunFolder::Best::* field) {
      return run.best ? fmt::format("{:.3f}", (*run.best).*field) : std::string("-");
    };
    fmt::print("{:{}}  {:>7}  {:>8}  {:>9}  {:<19} {:>9}  {:>8}  {}{}\n", run.path.string(), width,
               fmt::format("{}/{}", run.epochs_done, run.epochs), score(&RunFolder::Best::balanced_accuracy),
               score(&RunFolder::Best::macro_auc), value(run, "architecture"),
               fmt::format("{}x{}", value(run, "width"), value(run, "height")), value(run, "learning_rate"),
               value(run, "balancing"), run.finished ? "" : "   unfinished");
  }
}

void list(const Options& options) {
  const auto runs = find_runs(options.folder);
  if (options.json) {
    auto list = nlohmann::json::array();
    for (const auto& run : runs) list.push_back(as_json(run));
    fmt::print("{}\n", list.dump(2));
  } else if (runs.empty()) {
    fmt::print(stderr, "no runs in {}\n", options.folder.string());
  } else {
    print_table(runs);
  }
}

}  // namespace

void add_runs(CLI::App& root) {
  auto options = std::make_shared<Options>();
  auto* sub = root.add_subcommand("runs", "List training runs with their scores");
  sub->footer("Examples:\n  naevus runs\n  naevus runs experiments --json");
  sub->add_option("folder", options->folder, "Where the runs are, at any depth [runs]");
  sub->add_flag("--json", options->json, "Everything, as JSON");
  sub->final_callback([options] { list(*options); });
}

}  // namespace naevus::app
