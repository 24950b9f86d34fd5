#include <fmt/format.h>

#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "data_argument.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/registry/labels.hpp"
#include "naevus/store/readings.hpp"

namespace naevus::app {
namespace {

struct Options {
  store::Location location;
  std::filesystem::path out;
  bool confirmed = false, json = false;
};

void run(const Options& options) {
  store::Database database(options.location, {.create = false});
  auto pictures = registry::settle(store::read_pictures(database));
  if (pictures.empty())
    throw InputError("no reader has named a class yet", options.location.folder.string(),
                     "naevus serve takes feedback: POST /api/v1/predictions/ID/feedback");
  std::map<std::string, std::size_t> counts;
  for (const auto& picture : pictures) ++counts[std::string(registry::name(picture.basis))];
  if (options.confirmed) std::erase_if(pictures, [](const auto& picture) { return !picture.confirmed(); });
  const auto manifest =
      registry::feedback_manifest(pictures, store::PictureFolder(options.location.folder), options.out);
  dataset::write_manifest(manifest, options.out);
  const std::size_t disputed = counts["none"];
  if (options.json) {
    fmt::print("{}\n", nlohmann::ordered_json{{"manifest", options.out.string()},
                                              {"pictures", manifest.entries.size()},
                                              {"histopathology", counts["histopathology"]},
                                              {"readers", counts["readers"]},
                                              {"one_reader", counts["one reader"]},
                                              {"disputed", disputed}}
                           .dump(2));
    return;
  }
  fmt::print("{}: {} pictures ({})\n", options.out.string(), grouped(manifest.entries.size()),
             dataset::class_summary(manifest));
  if (disputed > 0)
    fmt::print(stderr, "{} more pictures are left out: their readers do not agree; the review queue has them first\n",
               grouped(disputed));
}

}  // namespace

void add_feedback(CLI::App& root) {
  auto options = std::make_shared<Options>();
  CLI::App* const feedback = root.add_subcommand("feedback", "What readers said of the detector's answers");
  feedback->footer("Examples:\n  naevus feedback export -o feedback.csv");
  feedback->require_subcommand(1);
  CLI::App* const sub = feedback->add_subcommand("export", "Write the pictures that readers labelled as a manifest");
  sub->add_option("-o,--output", options->out, "The manifest")->required()->type_name("MANIFEST.csv");
  sub->add_flag("--confirmed", options->confirmed, "Only what histopathology or two readers confirm");
  sub->add_flag("--json", options->json, "Print what was written as JSON");
  add_data_options(*sub, options->location);
  sub->footer(
      "A label is what histopathology confirms, else what more than half of a picture's readers name; the columns\n"
      "label_basis and readers say which. The pictures stay in the data folder, and the manifest names them there:\n"
      "what is erased there later is missing then.\n"
      "Examples:\n"
      "  naevus feedback export -o feedback.csv\n"
      "  naevus clean feedback.csv --against split.csv -o feedback-clean");
  sub->callback([options] { run(*options); });
}

}  // namespace naevus::app
