#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "clean_subcommands.hpp"
#include "commands.hpp"
#include "exit_code.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/log.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/base/terminal.hpp"
#include "naevus/clean/clean_set.hpp"
#include "out_of_fold.hpp"
#include "output_argument.hpp"

namespace naevus::app {
namespace {

namespace fs = std::filesystem;

struct Options {
  clean::CleanOptions clean;
  std::vector<std::string> fail_on;
  OutOfFoldOptions folds{.config = {}, .folder = {}, .folds = 0};
  int threads = 0;
  bool json = false, policy_template = false;
};

struct Count {
  std::size_t findings = 0, dropped = 0;
};

std::map<std::string, Count> counts_of(const clean::Settled& settled) {
  std::map<std::string, Count> counts;
  for (const clean::Finding& finding : settled.findings) ++counts[finding.kind].findings;
  for (const clean::Decision& decision : settled.decisions)
    if (!decision.undone && decision.what == clean::Decision::What::drop) ++counts[decision.kind].dropped;
  return counts;
}

void print_text(const clean::CleanResult& result, const clean::Workspace& workspace) {
  const auto counts = counts_of(result.settled);
  std::size_t width = 0;
  for (const auto& [name, count] : counts) width = std::max(width, name.size());
  for (const clean::Kind& kind : clean::kinds()) {
    const auto found = counts.find(kind.name);
    if (found == counts.end()) continue;
    const std::string done =
        found->second.dropped > 0 ? fmt::format("{} left out", grouped(found->second.dropped)) : "reported";
    fmt::print("{}{}  {:>7}  {}\n", styled(kind.name, found->second.dropped > 0 ? Style::bold : Style::plain),
               std::string(width - kind.name.size(), ' '), grouped(found->second.findings), done);
  }
  if (counts.empty()) fmt::print("nothing was found\n");
  const std::size_t before = result.settled.original.entries.size(), after = result.settled.clean.entries.size();
  fmt::print("{}: {} of {} pictures\n", workspace.clean().string(), grouped(after), grouped(before));
  fmt::print("report: {}\n", workspace.report().string());
}

void print_json(const clean::CleanResult& result, const clean::Workspace& workspace) {
  nlohmann::ordered_json kinds = nlohmann::ordered_json::object();
  const auto counts = counts_of(result.settled);
  for (const clean::Kind& kind : clean::kinds())
    if (const auto found = counts.find(kind.name); found != counts.end())
      kinds[kind.name] = {{"findings", found->second.findings}, {"left_out", found->second.dropped}};
  const nlohmann::ordered_json answer{{"clean", workspace.clean().string()},
                                      {"issues", workspace.issues().string()},
                                      {"decisions", workspace.decisions().string()},
                                      {"report", workspace.report().string()},
                                      {"pictures", result.settled.original.entries.size()},
                                      {"kept", result.settled.clean.entries.size()},
                                      {"copy_groups", result.copy_groups},
                                      {"kinds", kinds},
                                      {"not_looked_for", result.not_done}};
  fmt::print("{}\n", answer.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
}

/// The kinds of --fail-on that were found.
std::vector<std::string> failures(const Options& options, const clean::Settled& settled) {
  const auto counts = counts_of(settled);
  std::vector<std::string> found;
  for (const std::string& kind : options.fail_on)
    if (const auto count = counts.find(kind); count != counts.end())
      found.push_back(fmt::format("{} {}", grouped(count->second.findings), kind));
  return found;
}

/// Probabilities of models that did not see the picture they judge. The images are called as the workspace calls them.
fs::path judged_by_folds(Options& options, WorkerPool& pool) {
  if (!options.clean.probabilities.empty())
    throw UsageError("--folds and --probabilities exclude each other", "--folds");
  if (options.folds.config.empty())
    throw UsageError("no recipe is named for the trainings", "--folds", "--config recipe.toml");
  if (options.folds.folds < 3)
    throw UsageError("fewer than 3 folds leave nothing for training", "--folds", "5 or 10 are usual");
  const clean::Workspace workspace(options.clean.out);
  dataset::write_manifest(dataset::read_manifest(options.clean.manifest), workspace.original());
  options.folds.folder = workspace.folder();
  return out_of_fold(dataset::read_manifest(workspace.original()), options.folds, pool);
}

void run(Options options) {
  if (options.policy_template) {
    fmt::print("{}", clean::policy_template());
    return;
  }
  if (options.clean.manifest.empty())
    throw UsageError("no manifest is named", "", "naevus clean manifest.csv -o cleaned");
  if (options.clean.out.empty()) throw UsageError("no output folder is named", "", "-o FOLDER");
  for (std::string& kind : options.fail_on) {
    if (kind == "contradiction") kind = "contradictory_label";
    clean::kind_of(kind, "--fail-on");
  }
  const clean::Workspace workspace(options.clean.out);
  for (const fs::path& file : {workspace.original(), workspace.policy(), workspace.issues(), workspace.answers(),
                               workspace.decisions(), workspace.clean(), workspace.report()})
    keep_inputs(file,
                {options.clean.manifest, options.clean.policy, options.clean.against, options.clean.probabilities});
  WorkerPool pool(options.threads);
  if (options.folds.folds > 0) options.clean.probabilities = judged_by_folds(options, pool);
  const clean::CleanResult result = clean::clean_set(options.clean, pool, interrupt_token());
  if (result.taken_up > 0)
    fmt::print(stderr, "{} pictures were measured before and have not changed since\n", grouped(result.taken_up));
  for (const std::string& note : result.notes) fmt::print(stderr, "{}\n", note);
  options.json ? print_json(result, workspace) : print_text(result, workspace);
  if (const auto found = failures(options, result.settled); !found.empty())
    throw InputError(fmt::format("found what must not be there: {}", fmt::join(found, ", ")),
                     options.clean.manifest.string(), "see " + workspace.report().string());
  if (counts_of(result.settled).contains("unreadable")) throw Exit{ExitCode::failed};
}

}  // namespace

void add_clean(CLI::App& root) {
  auto options = std::make_shared<Options>();
  CLI::App* const sub =
      root.add_subcommand("clean", "Find what is wrong with a data set, and leave out what is certain");
  sub->add_option("MANIFEST", options->clean.manifest, "The manifest, or a folder of pictures");
  sub->add_option("-o,--output", options->clean.out, "Folder for the results; made, or gone on with");
  sub->add_option("--against", options->clean.against, "A manifest whose pictures must not be in this one");
  sub->add_option("--policy", options->clean.policy, "What acts by itself (TOML; see --policy-template)");
  sub->add_flag("--policy-template", options->policy_template, "Print the standard policy, to begin your own with");
  sub->add_option("--model", options->clean.model,
                  "A model: finds what is no skin lesion, and other photographs of one lesion");
  sub->add_option("--probabilities", options->clean.probabilities,
                  "CSV of out-of-fold probabilities (image,p_<class>,...): finds label errors");
  sub->add_option("--folds", options->folds.folds, "Train so many models for that, each on the others' pictures");
  sub->add_option("--config", options->folds.config, "With --folds: the recipe of the trainings (TOML)")
      ->check(CLI::ExistingFile);
  sub->add_option("--seed", options->folds.seed, "With --folds: of the folds and the trainings")->capture_default_str();
  sub->add_option("--fail-on", options->fail_on, "Exit with 1 if there is such a finding: leak,contradiction,…")
      ->delimiter(',');
  sub->add_option("--threads", options->threads, "Threads (default: all cores)")->check(CLI::NonNegativeNumber);
  sub->add_flag("--json", options->json, "Print the result as JSON");
  sub->footer(
      "Writes into the folder: issues.csv (every finding), clean.csv (the manifest after the decisions), "
      "decisions.csv\n"
      "(what was decided and why) and report.html. No picture is changed or deleted. Left out by default: copies with\n"
      "the same pixels within a part, copies of test pictures in the training part, all copies that carry different\n"
      "labels, and what can't be read. Stopped at any moment, the same command goes on with what was measured.\n"
      "Examples:\n"
      "  naevus clean ham.csv -o cleaned\n"
      "  naevus clean ham.csv -o cleaned --model models/naevus-7.onnx --folds 5 --config recipes/ham7.toml\n"
      "  naevus clean train.csv -o cleaned --against test.csv --fail-on leak,contradiction\n"
      "  naevus clean review cleaned\n"
      "  naevus clean undo cleaned --kind near_copy");
  add_clean_cost(*sub);
  add_clean_review(*sub);
  add_clean_undo(*sub);
  sub->callback([options, sub] {
    if (sub->get_subcommands().empty()) run(*options);
  });
}

}  // namespace naevus::app
