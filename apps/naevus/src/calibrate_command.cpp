#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "commands.hpp"
#include "exit_code.hpp"
#include "model_argument.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/hash.hpp"
#include "naevus/base/log.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/copies/fingerprint.hpp"
#include "naevus/dataset/label_map.hpp"
#include "naevus/evaluate/calibrate.hpp"
#include "naevus/evaluate/decisions.hpp"
#include "naevus/evaluate/reference.hpp"
#include "naevus/evaluate/run_model.hpp"
#include "naevus/model/model_file.hpp"
#include "output_argument.hpp"

namespace naevus::app {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

struct Options {
  std::vector<std::string> files;  // [MODEL.onnx] MANIFEST.csv
  std::string model, part = "validation", labels;
  fs::path out;
  evaluate::CalibrateOptions fit;
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

/// The pictures that fitted the model, so that it is known when they test it.
void add_seen(model::Card& card, const evaluate::Predictions& predictions, WorkerPool& pool) {
  std::set<std::string> seen;
  for (const model::SeenPicture& picture : card.seen) seen.insert(picture.pixels);
  std::vector<fs::path> files;
  files.reserve(predictions.cases.size());
  for (const evaluate::Case& item : predictions.cases) files.push_back(item.path);
  for (const auto& print : copies::fingerprints(files, pool))
    if (print.problem.empty() && seen.insert(print.pixels).second)
      card.seen.push_back({print.pixels, fmt::format("{:016x}", print.perceptual), "validation"});
}

Json fit_json(const evaluate::Fit& fit) {
  return {{"log_loss", fit.log_loss}, {"calibration_error", fit.calibration_error}, {"brier_score", fit.brier_score}};
}

Json point_json(const model::DecisionPoint& point) {
  return {{"rule", point.rule},
          {"aim", point.aim},
          {"threshold", point.threshold ? Json(*point.threshold) : Json(nullptr)},
          {"sensitivity", point.sensitivity},
          {"specificity", point.specificity}};
}

Json as_json(const evaluate::Calibration& calibration, const evaluate::Predictions& predictions,
             const model::Card& card, const fs::path& out) {
  Json json{{"model", out.string()},
            {"images", predictions.cases.size()},
            {"failed", predictions.failures.size()},
            {"method", calibration.method},
            {"temperature", calibration.temperature},
            {"vector_scaling", nullptr},
            {"before", fit_json(calibration.before)},
            {"after", fit_json(calibration.after)},
            {"malignant_threshold", nullptr}};
  if (const auto& scaling = calibration.vector_scaling)
    json["vector_scaling"] = {{"weight", scaling->weight}, {"bias", scaling->bias}};
  if (calibration.malignant)
    json["malignant_threshold"] = {{"value", point_json(*calibration.malignant)["threshold"]},
                                   {"rule", card.malignant_threshold_rule},
                                   {"sensitivity", calibration.malignant->sensitivity},
                                   {"specificity", calibration.malignant->specificity}};
  json["decision_points"] = Json::array();
  for (const model::DecisionPoint& point : calibration.points) json["decision_points"].push_back(point_json(point));
  json["cross_validated"] = Json::array();
  for (const evaluate::Compared& other : calibration.compared) {
    json["cross_validated"].push_back({{"method", other.method}});
    json["cross_validated"].back().update(fit_json(other.fit));
  }
  if (const auto& sets = calibration.sets)
    json["prediction_sets"] = {{"coverage", sets->coverage}, {"by_class", sets->by_class}};
  return json;
}

std::string point_line(const model::DecisionPoint& point, bool own) {
  const std::string called = point.threshold ? fmt::format("malignant at or above {:.4f}", *point.threshold)
                                             : std::string("nobody is called malignant");
  return fmt::format("{}: sensitivity {:.3f}, specificity {:.3f} ({}){}", called, point.sensitivity, point.specificity,
                     evaluate::rule_name(point.rule, point.aim), own ? ", the model's own" : "");
}

void print(const evaluate::Calibration& calibration, const evaluate::Predictions& predictions,
           const model::Card& before, const fs::path& out) {
  fmt::print("{}: calibrated on {} pictures\n", out.string(), grouped(predictions.cases.size()));
  const auto line = [](const char* name, double old, double now) {
    fmt::print("{:<20}{:.4f} → {:.4f}\n", name, old, now);
  };
  if (calibration.vector_scaling)
    fmt::print("{:<20}a weight and a shift for each of {} classes\n", "vector scaling", before.classes.size());
  else
    line("temperature", before.temperature, calibration.temperature);
  line("log loss", calibration.before.log_loss, calibration.after.log_loss);
  line("calibration error", calibration.before.calibration_error, calibration.after.calibration_error);
  if (!calibration.compared.empty())
    fmt::print("on pictures that did not fit it (5 folds)\n  {:<18}log loss  calibration error  Brier score\n", "");
  for (const evaluate::Compared& other : calibration.compared)
    fmt::print("  {:<18}{:>8.4f}  {:>17.4f}  {:>11.4f}\n", other.method, other.fit.log_loss,
               other.fit.calibration_error, other.fit.brier_score);
  for (const model::DecisionPoint& point : calibration.points)
    fmt::print("{}\n", point_line(point, calibration.malignant && calibration.malignant->rule == point.rule));
  if (const auto& sets = calibration.sets)
    fmt::print("prediction sets to hold the truth of {:g} %{}\n", 100 * sets->coverage,
               sets->by_class ? " of each class" : "");
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
  // The card lists these pictures where they chose the epoch: no copies to look for here.
  const evaluate::Predictions predictions = evaluate::run_model(
      classifier, manifest,
      {.model = path.string(), .part = options.part, .look_for_copies = false, .threads = options.threads},
      interrupt_token());
  const evaluate::Calibration calibration = evaluate::calibrate(predictions, options.fit);

  model::Card card = classifier.card();
  evaluate::apply(calibration, predictions, card);
  WorkerPool pool(options.threads);
  evaluate::set_reference(predictions, pool, card, interrupt_token());
  add_seen(card, predictions, pool);
  write_file(options.out, model::with_card(path, card));
  for (const std::string& warning : predictions.warnings) log::warning(warning);
  for (const evaluate::Failure& failure : predictions.failures)
    log::warning(fmt::format("{}: {}", failure.image, failure.reason));
  if (options.json)
    fmt::print("{}\n", as_json(calibration, predictions, card, options.out)
                           .dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
  else
    print(calibration, predictions, classifier.card(), options.out);
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
  sub->add_option("--method", options->fit.method,
                  "temperature (one number), or vector (a weight and a shift for each class)")
      ->capture_default_str()
      ->check(CLI::IsMember({"temperature", "vector"}));
  sub->add_option("--threshold", options->fit.threshold, "What the model's own malignant threshold is chosen for")
      ->capture_default_str()
      ->check(CLI::IsMember({"youden", "sensitivity", "specificity", "cost", "net_benefit"}));
  sub->add_option("--sensitivity", options->fit.sensitivity, "That the point of that name aims at")
      ->capture_default_str();
  sub->add_option("--specificity", options->fit.specificity, "That the point of that name aims at")
      ->capture_default_str();
  sub->add_option("--cost", options->fit.cost, "Fit a point of lowest cost too: a miss costs so many false alarms");
  sub->add_option("--act-from", options->fit.act_from,
                  "Fit a point of largest net benefit too: one would act from this probability");
  sub->add_option("--coverage", options->fit.coverage, "Share of prediction sets that shall hold the truth")
      ->capture_default_str();
  sub->add_flag("--by-class", options->fit.by_class, "Promise it for each class, in larger sets");
  sub->add_option("--seed", options->fit.seed, "Of the folds that compare the methods")->capture_default_str();
  sub->add_option("--threads", options->threads, "Threads (default: all cores)")->check(CLI::NonNegativeNumber);
  sub->add_flag("--json", options->json, "Print the result as JSON");
  sub->footer(
      "One temperature (Guo et al. 2017) keeps the order of the classes for every picture; vector scaling may change\n"
      "it. Thresholds, the limits of prediction sets, and what these pictures look like (naevus serve tells by it\n"
      "whether later ones still do) are written into the new model's card; naevus evaluate says what they are worth "
      "on\n"
      "the test part, which is refused here.\n"
      "Examples:\n"
      "  naevus calibrate runs/ham7/model.onnx split.csv -o ham7.onnx\n"
      "  naevus calibrate ham7.onnx split.csv --method vector --threshold sensitivity --cost 10 --act-from 0.1 -o "
      "v.onnx\n"
      "  naevus calibrate foreign.onnx our-pictures.csv --part all -o ours.onnx");
  sub->callback([options] { run(*options); });
}

}  // namespace naevus::app
