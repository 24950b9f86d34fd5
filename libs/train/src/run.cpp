#include "naevus/train/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "checkpoint.hpp"
#include "finish.hpp"
#include "history.hpp"
#include "live.hpp"
#include "loader.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/log.hpp"
#include "naevus/metrics/calibration.hpp"
#include "naevus/metrics/confusion.hpp"
#include "naevus/metrics/roc.hpp"
#include "session.hpp"
#include "trainer.hpp"

namespace naevus::train {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// What may differ when a run is resumed: where things stand, how often it is saved, and what is kept for other runs.
Config comparable(Config config) {
  config.manifest = config.out = config.weights = "";
  if (config.labels.ends_with(".toml")) config.labels = fs::path(config.labels).filename().string();
  config.checkpoint_seconds = 60;
  config.picture_cache = "auto";
  config.picture_cache_gib = 10;
  return config;
}

/// The config as it stands in the run's own folder: paths in a config are relative to its file.
Config seen_from(const fs::path& folder, Config config) {
  const auto move = [&](std::string& path) {
    if (path.empty() || fs::path(path).is_absolute()) return;
    path = fs::absolute(path).lexically_normal().lexically_proximate(fs::absolute(folder).lexically_normal()).string();
  };
  move(config.manifest);
  move(config.weights);
  if (config.labels.ends_with(".toml")) move(config.labels);
  config.out = ".";
  return config;
}

void check_same(const Checkpoint& checkpoint, const Config& config, const TrainingData& data) {
  const Config before = parse_config(checkpoint.config, "checkpoint");
  const auto changed = differences(comparable(before), comparable(config));
  if (!changed.empty()) {
    throw UsageError(fmt::format("this run was started with another {}", fmt::join(changed, ", ")), config.out,
                     "resume with the config as it was (config.toml in that folder), or start anew with --overwrite");
  }
  if (checkpoint.data_hash != data.hash) {
    throw UsageError("this run was started on another manifest (pictures, labels or split differ)", config.manifest,
                     "resume with the manifest as it was, or start anew with --overwrite");
  }
}

/// The training loop, and all that a checkpoint holds of it.
class Loop {
 public:
  Loop(Session& session, const RunOptions& options, fs::path folder)
      : session_(session),
        folder_(std::move(folder)),
        trainer_(session.graph(), session.initial_weights(), session.trainer_options()),
        live_(session.config().epochs, session.steps_per_epoch(), session.batch_size(), options.json) {
    state_.config = to_toml(session.config());
    state_.data_hash = session.data().hash;
  }

  void go_on_from(Checkpoint checkpoint) {
    trainer_.restore(checkpoint.trainer);
    checkpoint.trainer = {};
    state_ = std::move(checkpoint);
    state_.config = to_toml(session_.config());
    write_history(folder_, state_.position.rows);
  }

  /// @return the state at the end
  const Checkpoint& train() {
    if (state_.position.rows.empty() && state_.position.batch == 0)
      save();  // fails now, not in an hour, on a full disk
    while (!over()) {
      epoch();
      save();
      write_history(folder_, state_.position.rows);
    }
    state_.trainer = trainer_.state();
    return state_;
  }

 private:
  bool over() const {
    const auto& p = state_.position;
    const int patience = session_.config().early_stopping;
    return p.epoch >= session_.config().epochs || (patience > 0 && p.epoch - p.best_epoch >= patience);
  }

  void save() {
    state_.position.seconds += seconds_since(counted_);
    counted_ = Clock::now();
    state_.trainer = trainer_.state();
    save_checkpoint(folder_, state_);
    state_.trainer = {};
    saved_ = Clock::now();
  }

  void save_and_stop() {
    save();
    fmt::print(stderr, "\nstopped in epoch {}; all is saved. To go on: naevus train {} --resume\n",
               state_.position.epoch + 1, (folder_ / "config.toml").string());
    throw Cancelled();
  }

  double learning_rate(std::uint64_t batch) const {
    const auto& config = session_.config();
    const auto& p = state_.position;
    const auto step = static_cast<std::uint64_t>(p.epoch) * session_.steps_per_epoch() + batch;
    const double plateau = config.schedule == "plateau" ? p.plateau.factor : 1;
    return config.learning_rate * plateau * schedule_factor(config, step, session_.steps_per_epoch());
  }

  void epoch() {
    auto& p = state_.position;
    const auto loader = session_.training_batches(p.epoch, p.batch);
    live_.begin_epoch();
    while (p.batch < session_.steps_per_epoch()) {
      const double loss = trainer_.step(loader->next(), learning_rate(p.batch));
      if (!std::isfinite(loss)) diverged();
      p.loss_sum += loss;
      ++p.batch;
      live_.step(p);
      if (session_.stop().requested()) save_and_stop();
      if (seconds_since(saved_) >= session_.config().checkpoint_seconds) save();
    }
    live_.validating(p);
    // Validation is not saved halfway: what leads up to it is.
    if (seconds_since(saved_) >= session_.config().checkpoint_seconds / 4.0) save();
    validate(learning_rate(p.batch - 1));
    live_.end_epoch(p);
  }

  [[noreturn]] void diverged() const {
    throw InputError(fmt::format("training has diverged: the network's answers are no longer numbers (epoch {})",
                                 state_.position.epoch + 1),
                     folder_.string(),
                     fmt::format("start anew with a smaller --learning-rate (it was {}), more --warmup, or --bf16 off",
                                 session_.config().learning_rate));
  }

  void validate(double rate) {
    auto& p = state_.position;
    const std::size_t classes = session_.classes();
    std::optional<Evaluation> outcome;
    try {
      outcome = session_.validate(trainer_);
    } catch (const Cancelled&) {
      save_and_stop();
    }
    if (!std::ranges::all_of(outcome->logits, [](double logit) { return std::isfinite(logit); })) diverged();
    const auto probabilities = metrics::softmax(outcome->logits, classes);
    const auto called = metrics::most_likely(outcome->logits, classes);
    const auto matrix = metrics::confusion_matrix(outcome->truth, called, classes);
    EpochRow row{.epoch = p.epoch + 1,
                 .learning_rate = rate,
                 .train_loss = p.loss_sum / static_cast<double>(p.batch),
                 .validation_loss = metrics::log_loss(probabilities, outcome->truth, classes).value_or(0),
                 .balanced_accuracy = metrics::balanced_accuracy(matrix).value_or(0),
                 .macro_auc = metrics::macro_auc(probabilities, outcome->truth, classes).value_or(0),
                 .seconds = p.seconds + seconds_since(counted_),
                 .time = static_cast<double>(std::chrono::duration_cast<std::chrono::seconds>(
                                                 std::chrono::system_clock::now().time_since_epoch())
                                                 .count())};
    const bool better =
        std::pair(row.balanced_accuracy, row.macro_auc) > std::pair(p.best_balanced_accuracy, p.best_macro_auc);
    if (better) {
      p.best_epoch = row.epoch;
      p.best_balanced_accuracy = row.balanced_accuracy;
      p.best_macro_auc = row.macro_auc;
      state_.best = trainer_.best_weights();
    }
    p.plateau.after_epoch(better);
    p.rows.push_back(row);
    p.epoch = row.epoch;
    p.batch = 0;
    p.loss_sum = 0;
  }

  Session& session_;
  fs::path folder_;
  Trainer trainer_;
  Live live_;
  Checkpoint state_;
  Clock::time_point saved_ = Clock::now(), counted_ = Clock::now();
};

void check_config(const Config& config) {
  if (config.manifest.empty()) {
    throw UsageError("no manifest is named", "", "name one with --manifest, or the key `manifest` of the config");
  }
  if (config.out.empty()) {
    throw UsageError("no folder for the run is named", "", "name one with --out, or the key `out` of the config");
  }
  image::validate(config.augmentation);
}

bool holds_run(const fs::path& folder) {
  std::error_code ignored;
  return has_checkpoint(folder) || fs::exists(folder / "model.onnx", ignored);
}

/// A run that a scheduler starts again each time with --resume has no checkpoint the first time.
std::optional<Checkpoint> checkpoint_to_go_on_from(const fs::path& folder) {
  if (has_checkpoint(folder)) return load_checkpoint(folder);
  if (holds_run(folder)) {
    throw UsageError("this folder holds a model, but no checkpoint to go on from", folder.string(),
                     "replace the run (--overwrite), or name another folder (--out)");
  }
  log::warning(fmt::format("{} holds no run to go on with; starting one", folder.string()));
  return std::nullopt;
}

/// Takes away what a run before left, so that nothing of two runs is mixed.
void clear(const fs::path& folder) {
  for (const char* name : {"checkpoint", "checkpoint.previous", "model.onnx", "best.safetensors", "last.safetensors",
                           "history.csv", "events.out.tfevents.0.naevus", "report.html"}) {
    std::error_code error;
    fs::remove(folder / name, error);
    if (error) throw IoError(fmt::format("can't remove it: {}", error.message()), (folder / name).string());
  }
}

}  // namespace

RunResult run(const Config& given, const RunOptions& options) {
  check_config(given);
  const fs::path folder = given.out;
  if (holds_run(folder) && !options.resume && !options.overwrite) {
    throw UsageError("this folder already holds a run", folder.string(),
                     "go on with it (--resume), replace it (--overwrite), or name another folder (--out)");
  }
  auto checkpoint = options.resume ? checkpoint_to_go_on_from(folder) : std::nullopt;
  Session session(given, options.stop);
  if (checkpoint) check_same(*checkpoint, session.config(), session.data());
  make_folder(folder);
  if (!checkpoint) clear(folder);
  write_file(folder / "config.toml", to_toml(seen_from(folder, session.config())));
  if (options.json) {
    fmt::print("{}\n", nlohmann::json{{"event", "start"},
                                      {"classes", session.data().classes},
                                      {"train", session.data().train.size()},
                                      {"validation", session.data().validation.size()},
                                      {"epoch", checkpoint ? checkpoint->position.epoch : 0},
                                      {"epochs", session.config().epochs}}
                           .dump());
    std::fflush(stdout);
  }

  Loop loop(session, options, folder);
  if (checkpoint) loop.go_on_from(*std::move(checkpoint));
  const Checkpoint& end = loop.train();
  finish(session, end, folder);
  const auto& p = end.position;
  RunResult result{folder / "model.onnx", p.epoch, p.best_epoch, p.best_balanced_accuracy, p.best_macro_auc};
  if (options.json) {
    fmt::print("{}\n", nlohmann::json{{"event", "done"},
                                      {"model", result.model.string()},
                                      {"epochs", result.epochs},
                                      {"best_epoch", result.best_epoch},
                                      {"balanced_accuracy", result.balanced_accuracy},
                                      {"macro_auc", result.macro_auc}}
                           .dump());
  }
  return result;
}

std::string engine_version() {
  return libtorch_version();
}

}  // namespace naevus::train
