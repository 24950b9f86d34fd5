#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "commands.hpp"
#include "exit_code.hpp"
#include "model_argument.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/log.hpp"
#include "naevus/dataset/label_map.hpp"
#include "naevus/evaluate/robustness.hpp"
#include "output_argument.hpp"

namespace naevus::app {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::vector<std::string> files;  // [MODEL.onnx] MANIFEST.csv
  std::string model, labels;
  evaluate::RobustnessOptions robustness;
  fs::path report;
  bool json = false;
};

void run(const Options& options) {
  std::vector<std::string> rest = options.files;
  const fs::path model = take_model(rest, options.model);
  if (rest.size() != 1) throw UsageError("name one manifest", "", "naevus robustness model.onnx split.csv");
  keep_inputs(options.report, {model, rest.front()});
  const dataset::Manifest manifest = dataset::read_labelled(rest.front(), options.labels);
  const infer::Classifier classifier(model, {.threads = options.robustness.threads});
  evaluate::RobustnessOptions asked = options.robustness;
  asked.model = model.string();
  const evaluate::Robustness result = evaluate::measure_robustness(classifier, manifest, asked, interrupt_token());
  for (const std::string& warning : result.predictions.warnings) log::warning(warning);
  if (!options.report.empty()) write_file(options.report, evaluate::to_html(result));
  fmt::print("{}", options.json ? evaluate::to_json(result) : evaluate::to_text(result));
  if (!result.predictions.failures.empty()) throw Exit{ExitCode::failed};
}

}  // namespace

void add_robustness(CLI::App& root) {
  auto options = std::make_shared<Options>();
  CLI::App* const sub =
      root.add_subcommand("robustness", "Say what a model loses on noisy, blurred, pale, turned pictures");
  sub->add_option("FILES", options->files, "[MODEL.onnx] MANIFEST.csv")
      ->type_name("[MODEL.onnx] MANIFEST.csv")
      ->required();
  sub->add_option("--model", options->model, "The model (default: the one that naevus brings along)");
  sub->add_option("--part", options->robustness.part, "train, validation, test or all")->capture_default_str();
  sub->add_option("--labels", options->labels, "Label map for the manifest, where the model was trained with one");
  sub->add_option("--kinds", options->robustness.kinds, "Only these: fog,rotation,... (default: all)")->delimiter(',');
  sub->add_option("--pictures", options->robustness.pictures, "Draw at most so many, of each class its share");
  sub->add_option("-o,--output", options->report, "Write a report as one HTML page");
  sub->add_option("--seed", options->robustness.seed, "Of corruptions, draw and bootstrap")->capture_default_str();
  sub->add_option("--threads", options->robustness.threads, "Threads (default: all cores)")
      ->check(CLI::NonNegativeNumber);
  sub->add_flag("--json", options->json, "Print everything as JSON");
  sub->footer(
      "Every picture is classified 86 times: as it is, with 15 common corruptions (Hendrycks & Dietterich 2019), "
      "turned "
      "and\n"
      "cropped, each at five severities. Pictures that can't be read are named; the exit code is then 1.\n"
      "Examples:\n"
      "  naevus robustness runs/ham7/model.onnx split.csv -o robustness.html\n"
      "  naevus robustness runs/ham7/model.onnx split.csv --pictures 300 --kinds "
      "motion_blur,jpeg_compression,rotation");
  sub->callback([options] { run(*options); });
}

}  // namespace naevus::app
