#include "finish.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "naevus/base/file.hpp"
#include "naevus/copies/fingerprint.hpp"
#include "naevus/drift/drift.hpp"
#include "naevus/metrics/bootstrap.hpp"
#include "naevus/metrics/calibration.hpp"
#include "naevus/metrics/confusion.hpp"
#include "naevus/metrics/roc.hpp"
#include "naevus/model/model_file.hpp"
#include "naevus/network/architectures.hpp"
#include "naevus/network/weights.hpp"
#include "ood.hpp"
#include "training_report.hpp"

namespace naevus::train {
namespace {

namespace fs = std::filesystem;

/// Enough for a covariance of the embedding, and a minute's work at most.
constexpr std::size_t embedded_pictures = 4000;

/// The config without what belongs to one machine: the same run elsewhere gives the same model.
std::string portable_config(Config config) {
  config.manifest = fs::path(config.manifest).filename().string();
  config.weights = fs::path(config.weights).filename().string();
  if (config.labels.ends_with(".toml")) config.labels = fs::path(config.labels).filename().string();
  config.out.clear();
  config.checkpoint_seconds = Config{}.checkpoint_seconds;
  return to_toml(config);
}

void add_seen(model::Card& card, Session& session, const Samples& samples, const char* part) {
  for (const auto& print : copies::fingerprints(samples.files, session.pool(), session.stop())) {
    if (print.problem.empty()) card.seen.push_back({print.pixels, fmt::format("{:016x}", print.perceptual), part});
  }
}

void add_calibration(model::Card& card, const Session& session, const Evaluation& validation) {
  const std::size_t classes = session.classes();
  std::vector<int> malignant;
  for (std::size_t c = 0; c < classes; ++c)
    if (std::find(card.malignant.begin(), card.malignant.end(), card.classes[c]) != card.malignant.end())
      malignant.push_back(static_cast<int>(c));
  const auto fitted = metrics::calibrate(validation.logits, validation.truth, classes, malignant);
  card.temperature = fitted.temperature;
  card.calibrated_on = fmt::format("validation part of {}, {}", fs::path(session.config().manifest).filename().string(),
                                   session.data().hash);
  if (fitted.malignant) {
    card.malignant_threshold = fitted.malignant->threshold;
    card.malignant_threshold_rule = "largest sensitivity + specificity on the validation part (Youden)";
  }

  const auto called = metrics::most_likely(validation.logits, classes);
  const auto matrix = metrics::confusion_matrix(validation.truth, called, classes);
  const auto put = [&](const char* name, std::optional<double> value) {
    if (value) card.metrics[fmt::format("validation.{}", name)] = *value;
  };
  put("accuracy", metrics::accuracy(matrix));
  put("balanced_accuracy", metrics::balanced_accuracy(matrix));
  put("macro_auc", metrics::macro_auc(fitted.probabilities, validation.truth, classes));
  put("malignant_auc", fitted.malignant_auc);
  put("log_loss", metrics::log_loss(fitted.probabilities, validation.truth, classes));
  put("expected_calibration_error",
      metrics::expected_calibration_error(fitted.probabilities, validation.truth, classes));
}

/// What the validation part looks like, and what the calibrated model says of it: the server holds later pictures
/// against it.
void add_reference(model::Card& card, Session& session, const Evaluation& validation,
                   const std::vector<double>& ood_scores) {
  const auto probabilities = metrics::softmax(validation.logits, session.classes(), card.temperature);
  auto observations = drift::observations_of(card, probabilities, ood_scores);
  auto pictures = drift::measure_files(session.data().validation.files, session.pool(), session.stop());
  for (std::size_t i = 0; i < observations.size(); ++i) observations[i].measures.merge(pictures[i]);
  card.reference = drift::reference_of(observations, card.classes,
                                       fmt::format("{} pictures of {}, part validation", observations.size(),
                                                   fs::path(session.config().manifest).filename().string()));
}

model::Card card_of(Session& session) {
  const Config& config = session.config();
  const auto& architecture = network::find_architecture(config.architecture);
  model::Card card;
  card.name = config.name.empty() ? fmt::format("{}-{}", config.architecture, session.classes()) : config.name;
  card.architecture = config.architecture;
  card.classes = session.data().classes;
  card.malignant = session.data().malignant;
  card.width = config.width;
  card.height = config.height;
  card.frame = config.frame;
  card.preparation = image::chosen_steps(session.preparation());
  card.mean = architecture.mean;
  card.std = architecture.std;
  card.weights_from = !config.weights_source.empty() ? config.weights_source
                      : config.weights.empty()       ? "random"
                                                     : fs::path(config.weights).filename().string();
  card.data = config.data;
  card.licence = config.licence;
  card.config = portable_config(config);
  add_seen(card, session, session.data().train, "train");
  add_seen(card, session, session.data().validation, "validation");
  return card;
}

}  // namespace

void finish(Session& session, const Checkpoint& checkpoint, const fs::path& folder) {
  auto options = session.trainer_options();
  options.ema = 0;  // the best weights are the mean already
  Trainer best(session.graph(), checkpoint.best, options);
  const auto validation = session.validate(best);
  const auto training = session.embed_training(best, embedded_pictures);

  model::Model model{.graph = session.graph(), .state = checkpoint.best, .ood = {}, .card = card_of(session)};
  add_calibration(model.card, session, validation);
  auto head = fit_mahalanobis(training.embedding, training.truth, session.classes());
  auto scores = mahalanobis_scores(head, validation.embedding);
  add_reference(model.card, session, validation, scores);
  std::sort(scores.begin(), scores.end());
  model.ood = {std::move(head.projection), std::move(head.means)};
  model.card.ood_kind = "mahalanobis";
  model.card.ood_limit = metrics::quantile(scores, 0.99);

  const auto& last = checkpoint.trainer.average.empty() ? checkpoint.trainer.weights : checkpoint.trainer.average;
  write_file(folder / "best.safetensors", network::to_safetensors(checkpoint.best));
  write_file(folder / "last.safetensors", network::to_safetensors(last));
  write_file(folder / "report.html", training_report(session, checkpoint, model.card, validation));
  write_file(folder / "model.onnx", model::to_onnx(model));
}

}  // namespace naevus::train
