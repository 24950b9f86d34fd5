#include "naevus/registry/retrain.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <span>
#include <utility>

#include "candidate.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/file_lock.hpp"
#include "naevus/base/hash.hpp"
#include "naevus/dataset/label_map.hpp"
#include "naevus/evaluate/run_model.hpp"
#include "naevus/infer/classifier.hpp"
#include "naevus/jobs/training.hpp"
#include "naevus/model/model_file.hpp"
#include "naevus/registry/add_model.hpp"
#include "naevus/registry/labels.hpp"
#include "naevus/store/readings.hpp"
#include "naevus/store/test_sets.hpp"
#include "retrain_data.hpp"
#include "retrain_report.hpp"

namespace naevus::registry {
namespace {

namespace fs = std::filesystem;

/// A retraining under way.
class Retraining {
 public:
  Retraining(const RetrainOptions& options, const StopToken& stop);

  RetrainResult run();

 private:
  void check_base() const;
  std::vector<LabelledPicture> believed_labels();
  void prepare_work(std::span<const LabelledPicture> labelled);
  void train(const RetrainData& data);
  evaluate::Predictions answers(const infer::Classifier& classifier, const dataset::Manifest& manifest,
                                const std::string& part, bool look_closely = false) const;
  GateAnswers gate_answers(const fs::path& model, const RetrainData& data) const;
  void keep(const RetrainData& data, const fs::path& candidate);

  const RetrainOptions& options_;
  const StopToken& stop_;
  store::Database database_;
  store::PictureFolder pictures_;
  store::ModelFolder models_;
  fs::path folder_, work_;
  FileLock lock_;
  dataset::Manifest base_;
  fs::path served_file_;
  model::Card served_card_;
  RetrainResult result_;
};

FileLock lock_of(const fs::path& folder) {
  if (auto held = FileLock::take(folder / "lock")) return std::move(*held);
  throw IoError("another retraining is under way here", folder.string(), "wait until it is done");
}

store::Model serving(store::Database& database, const fs::path& folder) {
  if (auto model = store::model_parts(database).serving) return *model;
  throw InputError("no model answers here yet", folder.string(), "start naevus serve once, or: naevus models promote");
}

Retraining::Retraining(const RetrainOptions& options, const StopToken& stop)
    : options_(options),
      stop_(stop),
      database_(options.location, {.create = false}),
      pictures_(options.location.folder),
      models_(options.location.folder),
      folder_(options.location.folder / "retrain"),
      work_(folder_ / "work"),
      lock_(lock_of(folder_)),
      base_(dataset::read_labelled(options.manifest, options.labels)) {
  result_.served = serving(database_, options.location.folder);
  served_file_ = models_.file(result_.served.sha256);
  served_card_ = model::read_card(served_file_);
  check_base();
}

void Retraining::check_base() const {
  for (const dataset::Part part : {dataset::Part::train, dataset::Part::validation, dataset::Part::test})
    if (base_.in(part).empty())
      throw InputError(fmt::format("has no {} part", to_string(part)), options_.manifest.string(),
                       "name the manifest that the served model was trained from, as naevus split wrote it");
  if (base_.classes() != served_card_.classes)
    throw InputError(fmt::format("has the classes {}, the model that answers {}", fmt::join(base_.classes(), ", "),
                                 fmt::join(served_card_.classes, ", ")),
                     options_.manifest.string(), "name the label map of the model's training: --labels");
}

/// What readers say, without those who can't be believed.
std::vector<LabelledPicture> Retraining::believed_labels() {
  const auto read = store::read_pictures(database_);
  result_.labelled = read.size();
  if (read.empty())
    throw InputError("no reader has named a class yet", options_.location.folder.string(),
                     "naevus serve takes feedback: POST /api/v1/predictions/ID/feedback");
  const infer::Classifier classifier(served_file_, {.threads = options_.threads});
  result_.readers = check_readers(read, answers(classifier, base_, "validation"));
  std::set<std::string> not_believed;
  for (const ReaderCheck& check : result_.readers.readers)
    if (!check.believed && !options_.believed.contains(check.reader)) not_believed.insert(check.reader);
  auto labelled = settle(read, not_believed);
  const auto leave_out = [&](const char* reason, std::size_t pictures) {
    if (pictures > 0) result_.left_out.push_back({.reason = reason, .pictures = pictures});
  };
  leave_out("read only by readers who are not believed", read.size() - labelled.size());
  leave_out("readers do not agree", std::erase_if(labelled, [](const auto& one) { return one.label.empty(); }));
  const auto& classes = served_card_.classes;
  leave_out("a class that the model does not have", std::erase_if(labelled, [&](const auto& one) {
              return !std::binary_search(classes.begin(), classes.end(), one.label);
            }));
  return labelled;
}

/// Empties the working folder unless it is that of the same retraining.
void Retraining::prepare_work(std::span<const LabelledPicture> labelled) {
  std::string said;
  for (const LabelledPicture& picture : labelled) said += picture.first.picture + ' ' + picture.label + '\n';
  const nlohmann::json plan{{"served", result_.served.sha256},
                            {"config", hash_hex(read_file(options_.config))},
                            {"manifest", hash_hex(read_file(options_.manifest))},
                            {"labels", options_.labels},
                            {"feedback", hash_hex(as_bytes(said))}};
  const std::string text = plan.dump();
  const fs::path file = work_ / "plan.json";
  if (fs::exists(file) && read_text(file) == text) return;
  fs::remove_all(work_);
  write_file(file, text);
}

void Retraining::train(const RetrainData& data) {
  dataset::write_manifest(data.train, data.train.path);
  std::string labels = fmt::format("malignant = {}\n[map]\n", nlohmann::json(served_card_.malignant).dump());
  for (const std::string& name : served_card_.classes)
    labels += fmt::format("{0} = {0}\n", nlohmann::json(name).dump());
  write_file(work_ / "labels.toml", labels);
  const std::string from = fmt::format("{} v{}", result_.served.name, result_.served.version);
  jobs::train_run({.config = options_.config,
                   .folder = work_ / "run",
                   .changed = {{"manifest", fs::absolute(data.train.path).string()},
                               {"labels", fs::absolute(work_ / "labels.toml").string()},
                               {"weights", fs::absolute(served_file_).string()},
                               {"weights_source", from},
                               {"name", result_.served.name},
                               {"picture_cache", fs::absolute(work_ / "pictures").string()}},
                   .name = "training from " + from});
}

evaluate::Predictions Retraining::answers(const infer::Classifier& classifier, const dataset::Manifest& manifest,
                                          const std::string& part, bool look_closely) const {
  return evaluate::run_model(
      classifier, manifest,
      {.model = classifier.card().name, .part = part, .look_for_copies = look_closely, .threads = options_.threads},
      stop_);
}

GateAnswers Retraining::gate_answers(const fs::path& model, const RetrainData& data) const {
  const infer::Classifier classifier(model, {.threads = options_.threads});
  GateAnswers said{.frozen = answers(classifier, base_, "test", true), .newest = std::nullopt};
  if (!data.newest.entries.empty()) said.newest = answers(classifier, data.newest, "test");
  return said;
}

/// Enters the candidate, and lets it answer if it may.
void Retraining::keep(const RetrainData& data, const fs::path& candidate) {
  result_.candidate = add_model(database_, models_, {"local"}, candidate,
                                {.parent_sha256 = result_.served.sha256,
                                 .data_hash = hash_hex(read_file(data.train.path)),
                                 .pictures = data.pictures,
                                 .origin = store::ModelOrigin::retrain,
                                 .note = to_json(result_.gate)});
  if (options_.promote && result_.gate.passed() &&
      serving(database_, options_.location.folder).sha256 == result_.served.sha256)
    result_.promoted = store::promote(
        database_, {"local"}, result_.candidate.sha256,
        fmt::format("retrained with {} pictures that readers labelled; it meets every condition against {} v{}",
                    data.pictures.size(), result_.served.name, result_.served.version));
  result_.report = folder_ / fmt::format("{}-v{}.html", result_.candidate.name, result_.candidate.version);
  write_file(result_.report, report_of(result_));
}

std::string hash_of_test(const dataset::Manifest& base) {
  std::vector<std::string> rows;
  for (const std::size_t index : base.in(dataset::Part::test))
    rows.push_back(base.entries[index].image + '\t' + base.entries[index].label);
  std::sort(rows.begin(), rows.end());
  return hash_hex(as_bytes(fmt::format("{}", fmt::join(rows, "\n"))));
}

RetrainResult Retraining::run() {
  const auto labelled = believed_labels();
  prepare_work(labelled);
  WorkerPool pool(options_.threads);
  const auto judges = newest_pictures(labelled, store::learned_pictures(database_, result_.served.sha256));
  const RetrainData data = retrain_data(base_, labelled, judges, pictures_, work_, pool, stop_);
  result_.left_out.insert(result_.left_out.end(), data.left_out.begin(), data.left_out.end());
  result_.learned = data.pictures.size();
  result_.newest = data.newest.entries.size();
  if (data.pictures.empty())
    throw InputError("nothing is left of the feedback to learn from", options_.location.folder.string(),
                     "what was left out, and why: " + (work_ / "clean" / "report.html").string());
  if (!fs::exists(work_ / "run" / "model.onnx")) train(data);

  result_.test_readings = store::count_test_reading(database_, {"local"}, hash_of_test(base_));
  const fs::path candidate = work_ / "candidate.onnx";
  write_recalibrated(
      {.trained = work_ / "run" / "model.onnx", .file = candidate, .test_readings = result_.test_readings},
      served_card_, base_, options_.threads, stop_);
  const GateAnswers said = gate_answers(candidate, data);
  result_.gate = judge(said, gate_answers(served_file_, data), options_.gate);
  add_evaluation(candidate, said.frozen, options_.gate);
  keep(data, candidate);
  fs::remove_all(work_);
  return result_;
}

}  // namespace

std::size_t new_confirmed_labels(store::Database& database) {
  const auto served = store::model_parts(database).serving;
  const auto learned = served ? store::learned_pictures(database, served->sha256) : std::set<std::string>{};
  const auto labelled = settle(store::read_pictures(database));
  return static_cast<std::size_t>(std::count_if(labelled.begin(), labelled.end(), [&](const auto& picture) {
    return picture.confirmed() && !learned.contains(picture.first.picture);
  }));
}

RetrainResult retrain(const RetrainOptions& options, const StopToken& stop) {
  return Retraining(options, stop).run();
}

}  // namespace naevus::registry
