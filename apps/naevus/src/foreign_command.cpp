#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "commands.hpp"
#include "exit_code.hpp"
#include "model_argument.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/log.hpp"
#include "naevus/evaluate/foreign.hpp"
#include "pictures_argument.hpp"

namespace naevus::app {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::vector<std::string> files;  // [MODEL.onnx] MANIFEST.csv PICTURES...
  std::string model;
  evaluate::ForeignOptions foreign;
  bool json = false;
};

void run(const Options& options) {
  std::vector<std::string> rest = options.files;
  const fs::path model = take_model(rest, options.model);
  if (rest.size() < 2)
    throw UsageError("name a manifest, and folders or pictures that are no skin lesions", "",
                     "naevus foreign model.onnx split.csv holidays/");
  const dataset::Manifest manifest = dataset::read_manifest(rest.front());
  rest.erase(rest.begin());
  const std::vector<fs::path> files = picture_files(rest);
  const infer::Classifier classifier(model, {.threads = options.foreign.threads});
  evaluate::ForeignOptions asked = options.foreign;
  asked.model = model.string();
  const evaluate::ForeignOutcome outcome =
      evaluate::measure_foreign(classifier, manifest, files, asked, interrupt_token());
  for (const std::string& warning : outcome.warnings) log::warning(warning);
  fmt::print("{}", options.json ? evaluate::to_json(outcome) : evaluate::to_text(outcome));
  if (!outcome.failures.empty()) throw Exit{ExitCode::failed};
}

}  // namespace

void add_foreign(CLI::App& root) {
  auto options = std::make_shared<Options>();
  CLI::App* const sub =
      root.add_subcommand("foreign", "Say how well a model refuses pictures that are no skin lesions");
  sub->add_option("FILES", options->files, "[MODEL.onnx] MANIFEST.csv FOLDER...")
      ->type_name("[MODEL.onnx] MANIFEST.csv FOLDER|PICTURE...")
      ->required();
  sub->add_option("--model", options->model, "The model (default: the one that naevus brings along)");
  sub->add_option("--part", options->foreign.part, "Of the manifest: train, validation, test or all")
      ->capture_default_str();
  sub->add_option("--threads", options->foreign.threads, "Threads (default: all cores)")->check(CLI::NonNegativeNumber);
  sub->add_flag("--json", options->json, "Print everything as JSON, with each foreign picture's score");
  sub->footer(
      "The model's refusal score (energy or Mahalanobis distance) of the manifest's pictures against that of the "
      "foreign\n"
      "ones: AUROC, the share of foreign pictures answered where 95 % of its own are, and what the model's own limit "
      "does.\n"
      "Pictures that fitted the limit must not be among them. Pictures that can't be read are named; the exit code is "
      "then 1.\n"
      "Examples:\n"
      "  naevus foreign runs/ham7/model.onnx split.csv holidays/\n"
      "  naevus foreign runs/ham7/model.onnx split.csv holidays/ documents/*.png --json");
  sub->callback([options] { run(*options); });
}

}  // namespace naevus::app
