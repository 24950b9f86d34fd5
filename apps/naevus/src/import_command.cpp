#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "commands.hpp"
#include "naevus/base/csv.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/parallel.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/dataset/import.hpp"
#include "output_argument.hpp"

namespace naevus::app {
namespace {

struct Options {
  std::filesystem::path source, out, report;
  std::string labels;
  dataset::ImportOptions import;
  int threads = 0;
  bool json = false;
};

std::size_t distinct(const dataset::Manifest& manifest, std::string dataset::Entry::* field) {
  std::set<std::string> values;
  for (const dataset::Entry& entry : manifest.entries)
    if (!(entry.*field).empty()) values.insert(entry.*field);
  return values.size();
}

std::string plural(std::size_t count, const char* one, const char* many) {
  return fmt::format("{} {}", grouped(count), count == 1 ? one : many);
}

void print_unusable(const std::vector<dataset::Unusable>& unusable, const Options& options) {
  if (unusable.empty()) return;
  constexpr std::size_t shown = 10;
  fmt::print(stderr, "not used: {}\n", grouped(unusable.size()));
  for (std::size_t i = 0; i < std::min(shown, unusable.size()); ++i)
    fmt::print(stderr, "  {}: {}: {}\n", unusable[i].where, unusable[i].item, unusable[i].reason);
  if (unusable.size() > shown)
    fmt::print(stderr, "  and {} more{}\n", grouped(unusable.size() - shown),
               options.report.empty() ? " (--report FILE names them all)" : "");
}

void write_report(const std::vector<dataset::Unusable>& unusable, const std::filesystem::path& path) {
  CsvTable table{.header = {"item", "where", "reason"}};
  for (const dataset::Unusable& one : unusable) table.rows.push_back({one.item, one.where, one.reason});
  write_file(path, to_csv(table));
}

void print_json(const dataset::ImportResult& result, const Options& options) {
  nlohmann::json classes = nlohmann::json::object(), parts = nlohmann::json::object();
  for (const dataset::Entry& entry : result.manifest.entries) {
    classes[entry.label] = classes.value(entry.label, 0) + 1;
    if (entry.part != dataset::Part::none) parts[to_string(entry.part)] = parts.value(to_string(entry.part), 0) + 1;
  }
  nlohmann::json unusable = nlohmann::json::array();
  for (const dataset::Unusable& one : result.unusable)
    unusable.push_back({{"item", one.item}, {"where", one.where}, {"reason", one.reason}});
  const nlohmann::json answer{{"manifest", options.out.string()},
                              {"format", result.format},
                              {"images", result.manifest.entries.size()},
                              {"lesions", distinct(result.manifest, &dataset::Entry::lesion_id)},
                              {"patients", distinct(result.manifest, &dataset::Entry::patient_id)},
                              {"classes", classes},
                              {"parts", parts},
                              {"unusable", unusable},
                              {"notes", result.notes}};
  fmt::print("{}\n", answer.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
}

void print_text(const dataset::ImportResult& result, const Options& options) {
  const dataset::Manifest& manifest = result.manifest;
  const std::size_t lesions = distinct(manifest, &dataset::Entry::lesion_id);
  const std::size_t patients = distinct(manifest, &dataset::Entry::patient_id);
  std::string line = plural(manifest.entries.size(), "image", "images");
  if (lesions > 0) line += ", " + plural(lesions, "lesion", "lesions");
  if (patients > 0) line += ", " + plural(patients, "patient", "patients");
  line += fmt::format(", {} ({})", plural(manifest.classes().size(), "class", "classes"), class_summary(manifest));
  fmt::print("{}: {}\n", options.out.string(), line);
}

void run(Options& options) {
  keep_inputs(options.out, {options.source, options.labels});
  keep_inputs(options.report, {options.source, options.labels});
  if (!options.labels.empty()) options.import.labels = dataset::find_label_map(options.labels);
  options.import.except = options.out;
  WorkerPool pool(options.threads);
  const dataset::ImportResult result = dataset::import_data(options.source, options.import, pool);
  if (!options.report.empty()) write_report(result.unusable, options.report);
  dataset::write_manifest(result.manifest, options.out);

  for (const std::string& note : result.notes) fmt::print(stderr, "{}\n", note);
  print_unusable(result.unusable, options);
  if (options.json)
    print_json(result, options);
  else
    print_text(result, options);
}

}  // namespace

void add_import(CLI::App& root) {
  auto options = std::make_shared<Options>();
  CLI::App* const sub = root.add_subcommand("import", "Make a manifest from a data set as it comes");
  sub->add_option("SRC", options->source, "A folder or a CSV file; its format is found out")->required();
  sub->add_option("-o,--output", options->out, "The manifest to write (CSV)")->required();
  sub->add_option("--labels", options->labels,
                  fmt::format("Label map: a TOML file, or one of {}", fmt::join(dataset::label_map_names(), ", ")));
  sub->add_option("--source", options->import.source, "Name for the column `source` (default: the folder's)");
  sub->add_option("--image-column", options->import.image_column, "Read any CSV: its column of image names or paths");
  sub->add_option("--label-column", options->import.label_column, "Read any CSV: its column of labels");
  sub->add_option("--report", options->report, "Write what could not be used, with reasons (CSV)");
  sub->add_option("--threads", options->threads, "Threads (default: all cores)")->check(CLI::NonNegativeNumber);
  sub->add_flag("--json", options->json, "Print the result as JSON");
  sub->footer(
      "Known: a folder per class (also below Train, Val, Test), HAM10000, ISIC 2017 to 2020 and 2024, PH2, a "
      "manifest.\n"
      "Labels become short names (melanoma: mel). No image is copied or changed.\n"
      "Examples:\n"
      "  naevus import ham10000 -o ham.csv\n"
      "  naevus import isic9 -o nine.csv --labels isic9-to-7 --report unused.csv\n"
      "  naevus import clinic.csv -o clinic-manifest.csv --image-column file --label-column diagnosis");
  sub->callback([options] { run(*options); });
}

}  // namespace naevus::app
