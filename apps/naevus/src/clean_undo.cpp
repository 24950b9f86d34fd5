#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "clean_subcommands.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/clean/workspace.hpp"

namespace naevus::app {
namespace {

struct Options {
  std::filesystem::path folder;
  std::vector<std::string> images, kinds;
  bool all = false, redo = false;
};

bool chosen(const clean::Decision& decision, const Options& options) {
  const auto among = [](const std::vector<std::string>& list, const std::string& value) {
    return std::find(list.begin(), list.end(), value) != list.end();
  };
  return options.all || among(options.kinds, decision.kind) || among(options.images, decision.image) ||
         among(options.images, std::filesystem::path(decision.image).filename().string());
}

void run(const Options& options) {
  if (!options.all && options.images.empty() && options.kinds.empty())
    throw UsageError("nothing is named to undo", "", "--image IMAGE, --kind KIND or --all");
  for (const std::string& kind : options.kinds) clean::kind_of(kind, "--kind");
  const clean::Workspace workspace(options.folder);
  workspace.check();
  std::vector<clean::Decision> decisions = clean::read_decisions(workspace.decisions());
  std::size_t changed = 0;
  for (clean::Decision& decision : decisions) {
    if (!chosen(decision, options) || decision.undone != options.redo) continue;
    decision.undone = !options.redo;
    ++changed;
  }
  if (changed == 0)
    throw InputError(options.redo ? "no such decision is undone" : "no such decision is in force",
                     workspace.decisions().string());
  const clean::Settled settled = clean::settle(workspace, decisions);
  fmt::print("{} {}: {} of {} pictures stay in {}\n", grouped(changed), options.redo ? "redone" : "undone",
             grouped(settled.clean.entries.size()), grouped(settled.original.entries.size()),
             workspace.clean().string());
}

}  // namespace

void add_clean_undo(CLI::App& clean) {
  auto options = std::make_shared<Options>();
  CLI::App* const sub = clean.add_subcommand("undo", "Take decisions back");
  sub->add_option("FOLDER", options->folder, "What `naevus clean` wrote")->required();
  sub->add_option("--image", options->images, "Decisions on this image (its path, or the file's name)");
  sub->add_option("--kind", options->kinds, "Decisions because of this kind of finding")->delimiter(',');
  sub->add_flag("--all", options->all, "All decisions");
  sub->add_flag("--redo", options->redo, "Put undone decisions in force again");
  sub->footer(
      "clean.csv, decisions.csv and issues.csv are written anew. What is undone stays undone when the set is cleaned\n"
      "again into the same folder.\n"
      "Examples:\n"
      "  naevus clean undo cleaned --image ISIC_0024306.jpg\n"
      "  naevus clean undo cleaned --kind contradictory_label\n"
      "  naevus clean undo cleaned --all --redo");
  sub->callback([options] { run(*options); });
}

}  // namespace naevus::app
