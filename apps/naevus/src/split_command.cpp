#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "exit_code.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/parallel.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/base/terminal.hpp"
#include "naevus/dataset/split.hpp"
#include "output_argument.hpp"

namespace naevus::app {
namespace {

namespace fs = std::filesystem;

struct Options {
  fs::path manifest, out;
  std::string parts = "70/10/20";
  dataset::SplitOptions split;
  int threads = 0;
  bool no_copies = false;
  bool json = false;
};

void print_table(const dataset::PartTable& table) {
  std::size_t label_width = 5;
  for (const auto& row : table.rows) label_width = std::max(label_width, columns(row.label));
  const bool left_out = table.total.left_out > 0;
  fmt::print("{:{}}  {:>8}  {:>10}  {:>8}{}\n", "", label_width, "train", "validation", "test",
             left_out ? "  left out" : "");
  const auto line = [&](const dataset::PartTable::Row& row) {
    fmt::print("{}{:{}}  {:>8}  {:>10}  {:>8}", row.label, "", label_width - columns(row.label), grouped(row.images[0]),
               grouped(row.images[1]), grouped(row.images[2]));
    fmt::print("{}\n", left_out ? fmt::format("  {:>8}", grouped(row.left_out)) : "");
  };
  for (const auto& row : table.rows) line(row);
  line(table.total);
}

nlohmann::json as_json(const dataset::PartTable& table) {
  nlohmann::json rows = nlohmann::json::object();
  for (const auto& row : table.rows)
    rows[row.label] = {
        {"train", row.images[0]}, {"validation", row.images[1]}, {"test", row.images[2]}, {"left_out", row.left_out}};
  return rows;
}

/// "out.csv" and 2: "out-fold2.csv".
fs::path fold_path(const fs::path& out, int turn) {
  return out.parent_path() / fmt::format("{}-fold{}{}", out.stem().string(), turn, out.extension().string());
}

std::vector<copies::Fingerprint> read_pictures(const dataset::Manifest& manifest, const Options& options) {
  if (options.no_copies) return {};
  std::vector<fs::path> files;
  files.reserve(manifest.entries.size());
  for (const dataset::Entry& entry : manifest.entries) files.push_back(manifest.image_path(entry));
  WorkerPool pool(options.threads);
  return copies::fingerprints(files, pool);
}

/// Names the pictures that can't be read. @return how many
std::size_t print_broken(const std::vector<copies::Fingerprint>& prints) {
  constexpr std::size_t shown = 10;
  std::size_t broken = 0;
  for (const copies::Fingerprint& print : prints)
    if (!print.problem.empty() && ++broken <= shown) fmt::print(stderr, "left out: {}\n", print.problem);
  if (broken > shown) fmt::print(stderr, "and {} more pictures that can't be read\n", grouped(broken - shown));
  return broken;
}

void run(Options& options, bool parts_given) {
  if (options.split.folds > 0 && parts_given)
    throw UsageError("--parts and --folds exclude each other", "--folds", "folds all have the same size");
  if (options.split.folds > 0 && options.split.folds < 3)
    throw UsageError("fewer than 3 folds leave nothing for training", "--folds", "5 or 10 are usual");
  std::vector<fs::path> folds;
  for (int turn = 1; turn <= options.split.folds; ++turn) folds.push_back(fold_path(options.out, turn));
  keep_inputs(options.out, {options.manifest});
  for (const fs::path& fold : folds) keep_inputs(fold, {options.manifest});
  options.split.shares = dataset::parse_parts(options.parts, options.split.keep_test);
  const dataset::Manifest manifest = dataset::read_manifest(options.manifest);
  if (options.split.keep_test && manifest.in(dataset::Part::test).empty())
    throw InputError("has no test part to keep", options.manifest.string(), "leave --keep-test out");
  const std::vector<copies::Fingerprint> prints = read_pictures(manifest, options);
  const dataset::SplitResult result = dataset::split(manifest, prints, options.split);

  dataset::write_manifest(result.manifest, options.out);
  for (int turn = 1; turn <= options.split.folds; ++turn)
    dataset::write_manifest(dataset::fold_manifest(result.manifest, turn), folds[static_cast<std::size_t>(turn - 1)]);

  const bool had_parts = std::any_of(manifest.entries.begin(), manifest.entries.end(),
                                     [](const auto& entry) { return entry.part != dataset::Part::none; });
  if (had_parts && !options.split.keep_test)
    fmt::print(stderr, "the parts that stood in {} are replaced (--keep-test keeps its test part)\n",
               options.manifest.string());
  for (const std::string& warning : result.warnings) fmt::print(stderr, "warning: {}\n", warning);
  const std::size_t broken = print_broken(prints);
  if (result.left_out.size() > broken)
    fmt::print(stderr, "left out: {} images that belong to lesions, patients or pictures of the kept test part\n",
               grouped(result.left_out.size() - broken));

  const dataset::PartTable table = dataset::part_table(result.manifest);
  if (options.json) {
    nlohmann::json names = nlohmann::json::array();
    for (const fs::path& fold : folds) names.push_back(fold.string());
    const nlohmann::json answer{{"manifest", options.out.string()}, {"images", manifest.entries.size()},
                                {"groups", result.groups},          {"seed", options.split.seed},
                                {"classes", as_json(table)},        {"left_out", result.left_out.size()},
                                {"warnings", result.warnings},      {"folds", names}};
    fmt::print("{}\n", answer.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
  } else {
    fmt::print("{}: {} images in {} groups{}\n", options.out.string(), grouped(manifest.entries.size()),
               grouped(result.groups),
               folds.empty() ? ""
                             : fmt::format(", {} folds ({} to {}); the first turn:", folds.size(),
                                           folds.front().filename().string(), folds.back().filename().string()));
    print_table(table);
  }
  if (broken > 0) throw Exit{ExitCode::failed};
}

}  // namespace

void add_split(CLI::App& root) {
  auto options = std::make_shared<Options>();
  CLI::App* const sub = root.add_subcommand("split", "Share a manifest's images out for training, validation and test");
  sub->add_option("MANIFEST", options->manifest, "The manifest to split")->required();
  sub->add_option("-o,--output", options->out, "The manifest to write")->required();
  const CLI::Option* const parts =
      sub->add_option("--parts", options->parts,
                      "Percentages: train/validation/test, or train/test (with --keep-test: train/validation)")
          ->capture_default_str();
  sub->add_option("--folds", options->split.folds, "Folds for cross-validation instead of parts, 3 or more");
  sub->add_option("--seed", options->split.seed, "Another seed, another split")->capture_default_str();
  sub->add_flag("--keep-test", options->split.keep_test,
                "Keep the manifest's own test part, and share out the rest between train and validation");
  sub->add_flag("--no-copies", options->no_copies, "Do not read the pictures to find copies");
  sub->add_option("--threads", options->threads, "Threads (default: all cores)")->check(CLI::NonNegativeNumber);
  sub->add_flag("--json", options->json, "Print the result as JSON");
  sub->footer(
      "Each class is shared out in the same proportion. Images of one lesion (lesion_id), of one patient (patient_id)\n"
      "with the same bytes, pixels or ISIC number, or of one copy_group (naevus clean) always stay together. Pictures\n"
      "that can't be read are named and left out.\n"
      "With --folds K the output has a column `fold`, and OUT-fold1.csv to OUT-foldK.csv are written beside it: in "
      "each\n"
      "that fold is the test part and the next one the validation part (with --keep-test that fold is the validation "
      "part).\n"
      "Examples:\n"
      "  naevus split ham.csv -o split.csv --parts 70/10/20 --seed 1\n"
      "  naevus split nine.csv -o split.csv --parts 85/15 --keep-test\n"
      "  naevus split ham.csv -o folds.csv --folds 5");
  sub->callback([options, parts] { run(*options, parts->count() > 0); });
}

}  // namespace naevus::app
