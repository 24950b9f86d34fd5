#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "clean_subcommands.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/hash.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/clean/workspace.hpp"
#include "naevus/dataset/label_map.hpp"
#include "naevus/evaluate/run_model.hpp"
#include "naevus/evaluate/scores.hpp"
#include "naevus/jobs/training.hpp"
#include "naevus/report/page.hpp"
#include "run_folder.hpp"

namespace naevus::app {
namespace {

namespace fs = std::filesystem;
using dataset::Manifest;
using dataset::Part;

struct Options {
  fs::path folder, config, out;
  std::uint64_t seed = 1;
  int threads = 0;
  bool json = false;
};

/// One figure of the comparison.
struct Row {
  std::string trained, tested;
  std::size_t pictures = 0;
  evaluate::Estimate accuracy, balanced_accuracy, macro_auc;
};

/// Whether a training picture becomes a validation picture: by its name, so that it is the same one in both sets.
bool for_validation(const dataset::Entry& entry, std::uint64_t seed) {
  const std::string name = fs::path(entry.image).filename().string();
  const std::string hash = hash_hex(as_bytes(fmt::format("{}/{}", seed, name)));
  constexpr unsigned long share = 15, whole = 100;
  return std::stoul(hash.substr(0, 8), nullptr, 16) % whole < share;
}

/// The set as somebody would train on it who does not know of its copies.
Manifest with_validation(Manifest manifest, std::uint64_t seed) {
  if (!manifest.in(Part::validation).empty()) return manifest;
  for (dataset::Entry& entry : manifest.entries)
    if (entry.part == Part::train && for_validation(entry, seed)) entry.part = Part::validation;
  return manifest;
}

fs::path table_of(const Options& options, const char* name) {
  return options.out / fmt::format("{}.csv", name);
}

fs::path trained(const Options& options, const char* name, const Manifest& manifest) {
  const fs::path folder = options.out / name, table = table_of(options, name);
  dataset::write_manifest(manifest, table);
  if (!fs::exists(folder / "model.onnx"))
    jobs::train_run({.config = options.config,
                     .folder = folder,
                     .changed = {{"manifest", fs::absolute(table).string()}, {"seed", std::to_string(options.seed)}},
                     .name = fmt::format("training, {}", name)});
  return folder / "model.onnx";
}

/// @param table  the manifest that the test part is of; the recipe's label map is applied to it as in training
Row tested(const Options& options, const fs::path& model, const fs::path& table, const char* trained_on,
           const char* tested_on) {
  const auto config = read_config_values(options.config);
  const auto labels = config.find("labels");
  const Manifest manifest = dataset::read_labelled(table, labels == config.end() ? "" : labels->second);
  const infer::Classifier classifier(model, {.threads = options.threads});
  const auto evaluation = evaluate::score(
      evaluate::run_model(
          classifier, manifest,
          {.model = model.string(), .part = "test", .look_for_copies = false, .threads = options.threads},
          interrupt_token()),
      {.bootstrap = {.seed = options.seed}});
  return {.trained = trained_on,
          .tested = tested_on,
          .pictures = evaluation.predictions.cases.size(),
          .accuracy = evaluation.accuracy,
          .balanced_accuracy = evaluation.balanced_accuracy,
          .macro_auc = evaluation.macro_auc};
}

std::string text_of(const evaluate::Estimate& estimate) {
  if (!estimate.value) return "–";
  if (!estimate.interval) return fmt::format("{:.3f}", *estimate.value);
  return fmt::format("{:.3f}  [{:.3f}, {:.3f}]", *estimate.value, estimate.interval->low, estimate.interval->high);
}

nlohmann::ordered_json json_of(const evaluate::Estimate& estimate) {
  if (!estimate.value) return nullptr;
  nlohmann::ordered_json json{{"value", *estimate.value}};
  if (estimate.interval) json["low"] = estimate.interval->low, json["high"] = estimate.interval->high;
  return json;
}

nlohmann::ordered_json json_of(const std::vector<Row>& rows) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Row& row : rows)
    list.push_back({{"trained_on", row.trained},
                    {"tested_on", row.tested},
                    {"pictures", row.pictures},
                    {"accuracy", json_of(row.accuracy)},
                    {"balanced_accuracy", json_of(row.balanced_accuracy)},
                    {"macro_auc", json_of(row.macro_auc)}});
  return list;
}

std::string page_of(const std::vector<Row>& rows, const Options& options) {
  report::Page page("What the dirt is worth",
                    fmt::format("{}, trained with {}", options.folder.string(), options.config.filename().string()));
  report::Table table{.caption = "The same recipe on the set as it was and as it was cleaned; 95 % intervals",
                      .columns = {"trained on", "tested on", "pictures", "accuracy", "balanced accuracy", "macro AUC"},
                      .rows = {}};
  for (const Row& row : rows)
    table.rows.push_back({row.trained, row.tested, grouped(row.pictures), text_of(row.accuracy),
                          text_of(row.balanced_accuracy), text_of(row.macro_auc)});
  page.add(table);
  page.paragraph(
      "The first row is what one would have published. The second one is the same model on the test pictures that "
      "cleaning left: the difference is what leaks and contradictory labels in the test part pretend. The third one is "
      "the model of the cleaned set.");
  return page.html();
}

void run(Options options) {
  const clean::Workspace workspace(options.folder);
  workspace.check();
  if (options.out.empty()) options.out = options.folder / "cost";
  Manifest original = dataset::read_manifest(workspace.original()), clean = dataset::read_manifest(workspace.clean());
  for (const Manifest* manifest : {&original, &clean})
    if (manifest->in(Part::test).empty() || manifest->in(Part::train).empty())
      throw InputError("has no training or no test part", manifest->path.string(),
                       "the cost of dirt is that of a set with its parts as it circulates; else: naevus split");
  original = with_validation(std::move(original), options.seed);
  clean = with_validation(std::move(clean), options.seed);
  make_folder(options.out);
  const fs::path dirty_model = trained(options, "as-it-was", original);
  const fs::path clean_model = trained(options, "cleaned", clean);
  const fs::path as_it_was = table_of(options, "as-it-was"), cleaned = table_of(options, "cleaned");
  const std::vector<Row> rows{tested(options, dirty_model, as_it_was, "as it was", "as it was"),
                              tested(options, dirty_model, cleaned, "as it was", "cleaned"),
                              tested(options, clean_model, cleaned, "cleaned", "cleaned")};
  write_file(options.out / "cost.json", json_of(rows).dump(2) + "\n");
  write_file(options.out / "cost.html", page_of(rows, options));
  if (options.json) {
    fmt::print("{}\n", json_of(rows).dump(2));
    return;
  }
  fmt::print("{:<12} {:<12} {:>8}  {:<22}  {:<22}\n", "trained on", "tested on", "pictures", "balanced accuracy",
             "macro AUC");
  for (const Row& row : rows)
    fmt::print("{:<12} {:<12} {:>8}  {:<22}  {:<22}\n", row.trained, row.tested, grouped(row.pictures),
               text_of(row.balanced_accuracy), text_of(row.macro_auc));
  fmt::print("report: {}\n", (options.out / "cost.html").string());
}

}  // namespace

void add_clean_cost(CLI::App& clean) {
  auto options = std::make_shared<Options>();
  CLI::App* const sub = clean.add_subcommand("cost", "What the dirt is worth: train and test with and without it");
  sub->add_option("FOLDER", options->folder, "What `naevus clean` wrote, for a set with train and test parts")
      ->required();
  sub->add_option("--config", options->config, "The recipe for both trainings (TOML, as for naevus train)")
      ->required()
      ->check(CLI::ExistingFile);
  sub->add_option("-o,--output", options->out, "Folder for the two runs (default: FOLDER/cost)");
  sub->add_option("--seed", options->seed, "Of the trainings, the validation part and the intervals")
      ->capture_default_str();
  sub->add_option("--threads", options->threads, "Threads for the tests (default: all cores)")
      ->check(CLI::NonNegativeNumber);
  sub->add_flag("--json", options->json, "Print the result as JSON");
  sub->footer(
      "Trains the recipe twice, on original.csv and on clean.csv, and tests both. Where there is no validation part, "
      "15 % "
      "of\nthe training pictures become one, the same ones in both. Stopped, the same command goes on.\n"
      "Example:\n"
      "  naevus clean cost cleaned --config recipes/isic9.toml");
  sub->callback([options] { run(*options); });
}

}  // namespace naevus::app
