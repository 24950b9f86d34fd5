#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <optional>

#include "commands.hpp"
#include "exit_code.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/log.hpp"
#include "naevus/dataset/label_map.hpp"
#include "naevus/evaluate/compare.hpp"
#include "naevus/evaluate/run_model.hpp"
#include "output_argument.hpp"

namespace naevus::app {
namespace {

namespace fs = std::filesystem;

struct Options {
  fs::path first, second, manifest, report;
  std::string part = "test", labels;
  std::uint64_t seed = 1;
  int threads = 0;
  bool json = false;
};

bool is_model(const fs::path& path) {
  return path.extension() == ".onnx";
}

evaluate::Predictions answers_of(const fs::path& path, const std::optional<dataset::Manifest>& manifest,
                                 const Options& options) {
  if (!is_model(path))
    return manifest ? evaluate::read_predictions(path, &*manifest, options.part)
                    : evaluate::read_predictions(path, nullptr, "all");
  if (!manifest)
    throw UsageError("a model needs a manifest with the pictures", path.string(),
                     "naevus compare a.onnx b.onnx manifest.csv");
  const infer::Classifier classifier(path, {.threads = options.threads});
  return evaluate::run_model(classifier, *manifest,
                             {.model = path.string(), .part = options.part, .threads = options.threads},
                             interrupt_token());
}

void run(const Options& options) {
  keep_inputs(options.report, {options.first, options.second, options.manifest});
  std::optional<dataset::Manifest> manifest;
  if (!options.manifest.empty()) manifest = dataset::read_labelled(options.manifest, options.labels);
  evaluate::Predictions first = answers_of(options.first, manifest, options);
  evaluate::Predictions second = answers_of(options.second, manifest, options);
  const evaluate::Comparison comparison = evaluate::compare(
      std::move(first), std::move(second), {.bootstrap = {.seed = options.seed, .threads = options.threads}});
  for (const std::string& warning : comparison.warnings) log::warning(warning);
  if (!options.report.empty()) write_file(options.report, evaluate::to_html(comparison));
  fmt::print("{}", options.json ? evaluate::to_json(comparison) : evaluate::to_text(comparison));
  if (!comparison.left_out.empty()) throw Exit{ExitCode::failed};
}

}  // namespace

void add_compare(CLI::App& root) {
  auto options = std::make_shared<Options>();
  CLI::App* const sub = root.add_subcommand("compare", "Say which of two models is better, on the same pictures");
  sub->add_option("FIRST", options->first, "A model, or a CSV of its predictions (image,label,p_<class>,...)")
      ->type_name("MODEL.onnx|PREDICTIONS.csv")
      ->required();
  sub->add_option("SECOND", options->second, "The other one")->type_name("MODEL.onnx|PREDICTIONS.csv")->required();
  sub->add_option("MANIFEST", options->manifest,
                  "The pictures and their labels; predictions may bring their own labels")
      ->type_name("MANIFEST.csv");
  sub->add_option("--part", options->part, "train, validation, test or all")->capture_default_str();
  sub->add_option("--labels", options->labels, "Label map for the manifest, where the models were trained with one");
  sub->add_option("-o,--output", options->report, "Write a report as one HTML page");
  sub->add_option("--seed", options->seed, "Of the bootstrap")->capture_default_str();
  sub->add_option("--threads", options->threads, "Threads (default: all cores)")->check(CLI::NonNegativeNumber);
  sub->add_flag("--json", options->json, "Print everything as JSON");
  sub->footer(
      "Every picture is judged by both. Where no lesion or patient has several pictures: DeLong for areas under the "
      "ROC\n"
      "curve, McNemar for accuracy, sensitivity and specificity, the paired bootstrap for the rest; else Obuchowski "
      "for\n"
      "areas, and the paired bootstrap of lesions or patients. Pictures that only one can score are named and left "
      "out;\n"
      "the exit code is then 1.\n"
      "Examples:\n"
      "  naevus compare runs/first/model.onnx runs/second/model.onnx split.csv -o comparison.html\n"
      "  naevus compare old.onnx theirs.csv split.csv --json\n"
      "  naevus compare ours.csv theirs.csv");
  sub->callback([options] { run(*options); });
}

}  // namespace naevus::app
