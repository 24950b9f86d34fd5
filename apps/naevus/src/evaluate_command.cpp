#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <optional>

#include "commands.hpp"
#include "exit_code.hpp"
#include "model_argument.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/log.hpp"
#include "naevus/dataset/label_map.hpp"
#include "naevus/evaluate/card_evaluation.hpp"
#include "naevus/evaluate/output.hpp"
#include "naevus/evaluate/run_model.hpp"
#include "naevus/model/model_file.hpp"
#include "output_argument.hpp"

namespace naevus::app {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::vector<std::string> files;  // [MODEL.onnx] [MANIFEST.csv]
  std::string model, part = "test", labels, positive;
  fs::path predictions, predictions_out, report, model_out;
  std::uint64_t seed = 1;
  int threads = 0;
  bool json = false, strict = false;
};

/// The manifest among the positional arguments, the model taken away.
std::optional<fs::path> manifest_of(const std::vector<std::string>& rest) {
  if (rest.size() > 1)
    throw UsageError(fmt::format("'{}' is one argument too many", rest[1]), "", "name one model and one manifest");
  if (rest.empty()) return std::nullopt;
  return fs::path(rest.front());
}

/// What chose or taught the model says nothing of its worth, and is not to stand in its card as if it did.
void check_for_card(const dataset::Manifest& manifest, const std::string& part) {
  if (part == "train" || part == "validation")
    throw UsageError(fmt::format("the {} part does not say what a model is worth", part), "--model-out",
                     "use the test part, or leave --model-out out");
  if (part == "all" && (!manifest.in(dataset::Part::train).empty() || !manifest.in(dataset::Part::validation).empty()))
    throw UsageError("the manifest has a training or a validation part", "--model-out", "use the test part");
}

evaluate::Predictions from_file(const Options& options) {
  if (!options.model_out.empty())
    throw UsageError("predictions have no model to write them into", "--model-out",
                     "name the model in place of --predictions");
  if (!options.model.empty())
    throw UsageError("--model and --predictions exclude each other", "--predictions",
                     "leave the model out: its answers are in the file");
  const auto path = manifest_of(options.files);
  if (path && path->extension() == ".onnx")
    throw UsageError("a model and --predictions exclude each other", path->string(),
                     "name the manifest: naevus evaluate --predictions p.csv manifest.csv");
  if (!path) return evaluate::read_predictions(options.predictions, nullptr, "all");
  const dataset::Manifest manifest = dataset::read_labelled(*path, options.labels);
  return evaluate::read_predictions(options.predictions, &manifest, options.part);
}

evaluate::Predictions from_model(const Options& options) {
  std::vector<std::string> rest = options.files;
  const fs::path model = take_model(rest, options.model);
  const auto path = manifest_of(rest);
  if (!path) throw UsageError("no manifest is named", "", "naevus evaluate model.onnx manifest.csv");
  const dataset::Manifest manifest = dataset::read_labelled(*path, options.labels);
  if (!options.model_out.empty()) check_for_card(manifest, options.part);
  const infer::Classifier classifier(model, {.threads = options.threads});
  return evaluate::run_model(classifier, manifest,
                             {.model = model.string(), .part = options.part, .threads = options.threads},
                             interrupt_token());
}

/// The text begins with them; a program that reads JSON may not look.
void warn_of_findings(const std::vector<evaluate::Check>& checks) {
  for (const evaluate::Check& check : checks)
    if (check.verdict == evaluate::Verdict::failed)
      log::warning(fmt::format("{}: {}", evaluate::check_name(check.id), check.text));
}

/// @throws InputError naming the checks that failed
void refuse_findings(const std::vector<evaluate::Check>& checks) {
  std::vector<std::string> names;
  for (const std::string& id : evaluate::failed(checks)) names.push_back(evaluate::check_name(id));
  if (!names.empty())
    throw InputError(fmt::format("the result can't be relied on: {}", fmt::join(names, "; ")), "--strict",
                     "what was found stands above");
}

/// @throws UsageError if something that is read would be written over
void keep_all_inputs(const Options& options) {
  std::vector<fs::path> inputs{options.predictions};
  std::vector<std::string> rest = options.files;
  inputs.push_back(options.predictions.empty() ? take_model(rest, options.model) : fs::path(options.model));
  inputs.insert(inputs.end(), rest.begin(), rest.end());
  for (const fs::path& out : {options.report, options.predictions_out, options.model_out}) keep_inputs(out, inputs);
}

/// The model once more, with what it was worth in its card.
void write_model(const evaluate::Evaluation& evaluation, const fs::path& out) {
  const fs::path model = evaluation.predictions.source;
  model::Card card = model::read_card(model);
  evaluate::set_evaluation(evaluation, card);
  write_file(out, model::with_card(model, card));
}

void run(const Options& options) {
  keep_all_inputs(options);
  const evaluate::Evaluation evaluation =
      evaluate::score(options.predictions.empty() ? from_model(options) : from_file(options),
                      {.bootstrap = {.seed = options.seed, .threads = options.threads}, .positive = options.positive});
  for (const std::string& warning : evaluation.predictions.warnings) log::warning(warning);
  if (!options.predictions_out.empty())
    write_file(options.predictions_out, evaluate::predictions_csv(evaluation.predictions));
  if (!options.report.empty()) write_file(options.report, evaluate::to_html(evaluation));
  if (options.json) warn_of_findings(evaluation.predictions.checks);
  fmt::print("{}", options.json ? evaluate::to_json(evaluation) : evaluate::to_text(evaluation));
  if (options.strict) refuse_findings(evaluation.predictions.checks);
  if (!options.model_out.empty()) write_model(evaluation, options.model_out);
  if (!evaluation.predictions.failures.empty()) throw Exit{ExitCode::failed};
}

}  // namespace

void add_evaluate(CLI::App& root) {
  auto options = std::make_shared<Options>();
  CLI::App* const sub = root.add_subcommand("evaluate", "Say what a model is worth on pictures whose class is known");
  sub->add_option("FILES", options->files, "[MODEL.onnx] MANIFEST.csv")->type_name("[MODEL.onnx] MANIFEST.csv");
  sub->add_option("--model", options->model, "The model (default: the one that naevus brings along)");
  sub->add_option("--part", options->part, "train, validation, test or all")->capture_default_str();
  sub->add_option("--labels", options->labels, "Label map for the manifest, where the model was trained with one");
  sub->add_option("--predictions", options->predictions,
                  "Score this CSV (image,label,p_<class>,... or what is handed in to ISIC 2018, 2019, 2020, 2024) "
                  "instead of running a model");
  sub->add_option("--predictions-out", options->predictions_out, "Write the predictions as such a CSV");
  sub->add_option("-o,--output", options->report, "Write a report as one HTML page");
  sub->add_option(
      "--model-out", options->model_out,
      "Write the model once more with this evaluation in its card, where naevus card and the server show it");
  sub->add_option("--positive", options->positive, "For two classes: the positive one (default: the malignant one)");
  sub->add_option("--seed", options->seed, "Of the bootstrap that makes the intervals")->capture_default_str();
  sub->add_option("--threads", options->threads, "Threads (default: all cores)")->check(CLI::NonNegativeNumber);
  sub->add_flag("--strict", options->strict, "Fail (exit code 1) where a check on honesty finds something");
  sub->add_flag("--json", options->json, "Print everything as JSON");
  sub->footer(
      "Pictures that are missing or broken, and labels that the model does not know, are named and not scored; the\n"
      "exit code is then 1. First of all stands what was looked for and found: copies of training pictures, "
      "thresholds\n"
      "that were fitted on these pictures, lesions and patients in several parts, classes without a case. The card of\n"
      "--model-out says it too; with --strict no such model is written.\n"
      "Examples:\n"
      "  naevus evaluate runs/ham7/model.onnx split.csv -o report.html\n"
      "  naevus evaluate runs/ham7/model.onnx split.csv --strict --json --predictions-out p.csv\n"
      "  naevus evaluate runs/ham7/model.onnx split.csv --model-out ham7.onnx\n"
      "  naevus evaluate runs/two/model.onnx split.csv --labels malignant-benign\n"
      "  naevus evaluate --predictions p.csv split.csv");
  sub->callback([options] { run(*options); });
}

}  // namespace naevus::app
