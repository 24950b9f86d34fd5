#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "exit_code.hpp"
#include "model_argument.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/hash.hpp"
#include "naevus/base/log.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/dataset/label_map.hpp"
#include "naevus/evaluate/calibrate.hpp"
#include "naevus/evaluate/run_model.hpp"
#include "naevus/model/model_file.hpp"
#include "output_argument.hpp"

namespace naevus::app {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::vector<std::string> files;  // [MODEL.onnx] MANIFEST.csv
  std::string model, part = "validation", labels;
  fs::path out;
  int threads = 0;
  bool json = false;
};

void check_part(const std::string& part) {
  if (part == "test")
    throw UsageError("the test part can't calibrate a model: its scores would then be worth nothing", "--part",
                     "use the validation part");
  if (part == "train")
    throw UsageError("the training part can't calibrate a model: it is too sure of pictures that it has learnt",
                     "--part", "use the validation part");
  if (part != "validation" && part != "all")
    throw UsageError(fmt::format("'{}' is not a part to calibrate on", part), "--part", "choose validation or all");
}

/// All rows may be used only where none is set apart for testing or was trained on, and only when that was asked for.
void check_split(const dataset::Manifest& manifest, const std::string& part) {
  const auto has = [&](dataset::Part which) { return !manifest.in(which).empty(); };
  const bool apart = has(dataset::Part::train) || has(dataset::Part::test);
  if (part == "all" && apart)
    throw UsageError("the manifest has a training or a test part", "--part", "use the validation part");
  if (part == "validation" && !apart && !has(dataset::Part::validation))
    throw UsageError("the manifest has no parts", "--part",
                     "if the model was not trained on any of these pictures, use: --part all");
}

void update(model::Card& card, const evaluate::Calibration& calibration, const evaluate::Predictions& predictions) {
  const std::string manifest = predictions.manifest;
  card.temperature = calibration.temperature;
  card.calibrated_on =
      fmt::format("{} pictures of {}, part {}, manifest {}", predictions.cases.size(),
                  fs::path(manifest).filename().string(), predictions.part, hash_hex(read_file(manifest)));
  if (!calibration.malignant) return;
  card.malignant_threshold = calibration.malignant->threshold;
  card.malignant_threshold_rule = fmt::format(
      "largest sensitivity + specificity (Youden) on the calibration pictures: sensitivity {:.3f}, "
      "specificity {:.3f}",
      calibration.malignant->sensitivity, calibration.malignant->specificity);
}

nlohmann::ordered_json as_json(const evaluate::Calibration& calibration, const evaluate::Predictions& predictions,
                               const model::Card& card, const fs::path& out) {
  const auto fit = [](const evaluate::Fit& value) {
    return nlohmann::ordered_json{{"log_loss", value.log_loss}, {"calibration_error", value.calibration_error}};
  };
  nlohmann::ordered_json json{{"model", out.string()},
                              {"images", predictions.cases.size()},
                              {"failed", predictions.failures.size()},
                              {"temperature", calibration.temperature},
                              {"before", fit(calibration.before)},
                              {"after", fit(calibration.after)},
                              {"malignant_threshold", nullptr}};
  if (calibration.malignant)
    json["malignant_threshold"] = {{"value", calibration.malignant->threshold},
                                   {"rule", card.malignant_threshold_rule},
                                   {"sensitivity", calibration.malignant->sensitivity},
                                   {"specificity", calibration.malignant->specificity}};
  return json;
}

void print(const evaluate::Calibration& calibration, const evaluate::Predictions& predictions, double temperature,
           const fs::path& out) {
  fmt::print("{}: calibrated on {} pictures\n", out.string(), grouped(predictions.cases.size()));
  const auto line = [](const char* name, double before, double after) {
    fmt::print("{:<20}{:.4f} → {:.4f}\n", name, before, after);
  };
  line("temperature", temperature, calibration.temperature);
  line("log loss", calibration.before.log_loss, calibration.after.log_loss);
  line("calibration error", calibration.before.calibration_error, calibration.after.calibration_error);
  if (calibration.malignant)
    fmt::print("malignant at or above {:.4f}: sensitivity {:.3f}, specificity {:.3f} (Youden)\n",
               calibration.malignant->threshold, calibration.malignant->sensitivity,
               calibration.malignant->specificity);
}

void run(const Options& options) {
  check_part(options.part);
  std::vector<std::string> rest = options.files;
  const fs::path path = take_model(rest, options.model);
  if (rest.size() != 1)
    throw UsageError("name one manifest", "", "naevus calibrate model.onnx split.csv -o calibrated.onnx");
  keep_inputs(options.out, {path, rest.front()});
  const dataset::Manifest manifest = dataset::read_labelled(rest.front(), options.labels);
  check_split(manifest, options.part);
  const infer::Classifier classifier(path, {.threads = options.threads});
  // Validation pictures chose the epoch, so the card lists them: no copies to look for here.
  const evaluate::Predictions predictions = evaluate::run_model(
      classifier, manifest,
      {.model = path.string(), .part = options.part, .look_for_copies = false, .threads = options.threads},
      interrupt_token());
  const evaluate::Calibration calibration = evaluate::calibrate(predictions);

  model::Card card = classifier.card();
  update(card, calibration, predictions);
  write_file(options.out, model::with_card(path, card));
  for (const std::string& warning : predictions.warnings) log::warning(warning);
  for (const evaluate::Failure& failure : predictions.failures)
    log::warning(fmt::format("{}: {}", failure.image, failure.reason));
  if (options.json)
    fmt::print("{}\n", as_json(calibration, predictions, card, options.out)
                           .dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
  else
    print(calibration, predictions, classifier.card().temperature, options.out);
  if (!predictions.failures.empty()) throw Exit{ExitCode::failed};
}

}  // namespace

void add_calibrate(CLI::App& root) {
  auto options = std::make_shared<Options>();
  CLI::App* const sub =
      root.add_subcommand("calibrate", "Make a model's probabilities honest, and choose its malignant threshold");
  sub->add_option("FILES", options->files, "[MODEL.onnx] MANIFEST.csv")
      ->type_name("[MODEL.onnx] MANIFEST.csv")
      ->required();
  sub->add_option("--model", options->model, "The model (default: the one that naevus brings along)");
  sub->add_option("-o,--output", options->out, "The model file to write")->required();
  sub->add_option("--labels", options->labels, "Label map for the manifest, where the model was trained with one");
  sub->add_option("--part", options->part, "validation, or all of a manifest without parts")->capture_default_str();
  sub->add_option("--threads", options->threads, "Threads (default: all cores)")->check(CLI::NonNegativeNumber);
  sub->add_flag("--json", options->json, "Print the result as JSON");
  sub->footer(
      "Fits one temperature to the logits (Guo et al. 2017); the order of the classes stays for every picture. The "
      "test "
      "part is refused.\n"
      "Examples:\n"
      "  naevus calibrate runs/ham7/model.onnx split.csv -o ham7.onnx\n"
      "  naevus calibrate foreign.onnx our-pictures.csv --part all -o ours.onnx");
  sub->callback([options] { run(*options); });
}

}  // namespace naevus::app
