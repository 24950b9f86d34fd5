#include <fmt/format.h>

#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "data_argument.hpp"
#include "exit_code.hpp"
#include "model_argument.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/log.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/dataset/label_map.hpp"
#include "naevus/gallery/build.hpp"
#include "naevus/registry/add_model.hpp"

namespace naevus::app {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::vector<std::string> files;  // MANIFEST.csv [MODEL.onnx]
  std::string model, labels;
  gallery::BuildOptions build;
  store::Location location;
  bool measure = false, json = false;
};

/// The model that is named, else the one that answers in the data folder, else the one that comes along.
store::Model model_of(store::Database& database, const store::ModelFolder& files, const fs::path& named) {
  if (!named.empty()) return registry::add_model(database, files, {"local"}, named);
  if (const auto serving = store::model_parts(database).serving) return *serving;
  std::vector<std::string> none;
  return registry::add_model(database, files, {"local"}, take_model(none, {}));
}

std::map<std::string, std::size_t> licences(const gallery::Contents& contents) {
  std::map<std::string, std::size_t> counts;
  for (const auto& one : contents.cases) ++counts[one.licence];
  return counts;
}

std::string summary(const gallery::Contents& contents, std::string gallery::Case::* of) {
  std::map<std::string, std::size_t> counts;
  for (const auto& one : contents.cases) ++counts[one.*of];
  std::string text;
  for (const auto& [name, count] : counts)
    text += fmt::format("{}{} {}", text.empty() ? "" : " · ", name, grouped(count));
  return text;
}

void print_json(const fs::path& file, const gallery::Built& built) {
  const gallery::Contents& contents = built.contents;
  nlohmann::ordered_json json{{"gallery", file.string()},
                              {"model", contents.model},
                              {"model_version", contents.model_version},
                              {"pictures", contents.cases.size()},
                              {"same_files", built.same_files},
                              {"licences", licences(contents)},
                              {"skipped", nlohmann::ordered_json::array()},
                              {"precision", nullptr}};
  for (const auto& one : built.skipped) json["skipped"].push_back({{"image", one.image}, {"reason", one.reason}});
  if (const auto& precision = contents.precision)
    json["precision"] = {{"nearest", precision->nearest},    {"pictures", precision->pictures},
                         {"value", precision->value},        {"low", precision->low},
                         {"high", precision->high},          {"of_classes", precision->of_classes},
                         {"by_chance", precision->by_chance}};
  fmt::print("{}\n", json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
}

void print(const fs::path& file, const gallery::Built& built) {
  const gallery::Contents& contents = built.contents;
  fmt::print("{}: {} pictures as {} v{} sees them\n", file.string(), grouped(contents.cases.size()), contents.model,
             contents.model_version);
  fmt::print("diagnoses   {}\nlicences    {}\n", summary(contents, &gallery::Case::label),
             summary(contents, &gallery::Case::licence));
  if (built.same_files > 0) fmt::print("left out    {} files that are there already\n", grouped(built.same_files));
  if (const auto& precision = contents.precision)
    fmt::print(
        "precision   {:.3f} [{:.3f}, {:.3f}] of the {} nearest have the diagnosis of the picture; {:.3f} as the mean "
        "of "
        "the diagnoses, {:.3f} by chance; {} test pictures\n",
        precision->value, precision->low, precision->high, precision->nearest, precision->of_classes,
        precision->by_chance, grouped(precision->pictures));
}

void run(const Options& options) {
  std::vector<std::string> rest = options.files;
  const fs::path named = named_model(rest, options.model);
  if (rest.size() != 1)
    throw UsageError("name one manifest", "", "naevus gallery split.csv --licence \"CC BY-NC 4.0\"");
  const dataset::Manifest manifest = dataset::read_labelled(rest.front(), options.labels);
  store::Database database(options.location);
  const store::ModelFolder models(options.location.folder);
  const store::PictureFolder pictures(options.location.folder);
  const store::Model model = model_of(database, models, named);
  const infer::Classifier classifier(models.file(model.sha256), {.threads = options.build.threads});
  gallery::Built built = gallery::build(classifier, manifest, pictures, options.build, interrupt_token());
  built.contents.model_version = model.version;
  built.contents.model_sha256 = model.sha256;
  if (options.measure) {
    built.contents.precision =
        gallery::measure(gallery::Gallery(built.contents), classifier, manifest, interrupt_token());
    if (!built.contents.precision) log::warning("the manifest has no test part: what is near could not be measured");
  }
  const fs::path file = gallery::gallery_file(options.location.folder);
  gallery::put_gallery(file, built.contents, [&](const std::string& picture) { return pictures.has(picture); });
  for (const auto& one : built.skipped) log::warning(fmt::format("{}: {}: {}", one.where, one.image, one.reason));
  if (options.json)
    print_json(file, built);
  else
    print(file, built);
  if (!built.skipped.empty()) throw Exit{ExitCode::failed};
}

}  // namespace

void add_gallery(CLI::App& root) {
  auto options = std::make_shared<Options>();
  CLI::App* const sub =
      root.add_subcommand("gallery", "Cases with known diagnoses that the detector shows beside a picture like them");
  sub->add_option("FILES", options->files, "MANIFEST.csv [MODEL.onnx]")
      ->type_name("MANIFEST.csv [MODEL.onnx]")
      ->required();
  sub->add_option("--model", options->model, "The model (default: the one that answers in the data folder)");
  add_data_options(*sub, options->location);
  sub->add_option("--part", options->build.part, "train, or all: every picture but the test part's")
      ->capture_default_str();
  sub->add_option("--licence", options->build.licence, "Of pictures whose row of the manifest names none");
  sub->add_option("--source", options->build.source, "Of pictures whose row of the manifest names none");
  sub->add_option("--labels", options->labels, "Label map for the manifest, where the model was trained with one");
  sub->add_flag("--measure", options->measure, "Tell, by the test part, how often what is near has the same diagnosis");
  sub->add_option("--threads", options->build.threads, "Threads (default: all cores)")->check(CLI::NonNegativeNumber);
  sub->add_flag("--json", options->json, "Print what was made as JSON");
  sub->footer(
      "What is near is told by the cosine of the embeddings (Tschandl et al. 2019). The gallery lies in the data "
      "folder\n"
      "with small pictures, labels, sources and licences, replaces the one before, and is shown by running servers at\n"
      "once, as long as the model that made it answers. What is erased on the server later goes from it too.\n"
      "Examples:\n"
      "  naevus gallery split.csv --licence \"CC BY-NC 4.0\" --measure\n"
      "  naevus gallery split.csv ham7.onnx --data /var/lib/naevus --source HAM10000 --licence \"CC BY-NC 4.0\"");
  sub->callback([options] { run(*options); });
}

}  // namespace naevus::app
