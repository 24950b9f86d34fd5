#include "naevus/evaluate/run_model.hpp"

#include <fmt/format.h>

#include <charconv>

#include "copy_checks.hpp"
#include "looks.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/progress.hpp"

namespace naevus::evaluate {
namespace {

/// The double nearest to the shortest decimal form of the float.
double as_written(float value) {
  const std::string text = fmt::format("{}", value);
  double result = 0;
  std::from_chars(text.data(), text.data() + text.size(), result);
  return result;
}

std::vector<std::filesystem::path> files_of(const std::vector<Case>& cases) {
  std::vector<std::filesystem::path> files;
  files.reserve(cases.size());
  for (const Case& item : cases) files.push_back(item.path);
  return files;
}

/// What the pictures themselves show beside the answers, and whether they were seen in training.
void look_at_cases(const model::Card& card, const dataset::Manifest& manifest, Predictions& predictions,
                   const RunOptions& options, const StopToken& stop) {
  WorkerPool pool(options.threads);
  const std::vector<Look> looks = look_at(files_of(predictions.cases), pool, stop);
  for (std::size_t i = 0; i < looks.size(); ++i) {
    predictions.cases[i].lesion_area = looks[i].lesion_area;
    predictions.cases[i].skin_angle = looks[i].skin_angle;
  }
  check_copies(card, manifest, looks, predictions, pool, stop);
}

}  // namespace

Predictions run_model(const infer::Classifier& classifier, const dataset::Manifest& manifest, const RunOptions& options,
                      const StopToken& stop) {
  const model::Card& card = classifier.card();
  Predictions predictions;
  predictions.source = options.model;
  predictions.classes = card.classes;
  predictions.malignant = card.malignant;
  predictions.malignant_threshold = card.malignant_threshold;
  predictions.decision_points = card.decision_points;
  predictions.prediction_sets = card.prediction_sets;
  predictions.ood_limit = card.ood_limit;
  predictions.preparation = classifier.preparation();
  take_cases(manifest, select(manifest, options.part), predictions);

  const std::vector<std::filesystem::path> files = files_of(predictions.cases);
  Progress progress("classifying", files.size());
  std::vector<Case> answered;
  const auto take = [&](std::size_t i, const infer::Outcome& outcome) {
    progress.advance();
    if (const Error* error = std::get_if<Error>(&outcome)) {
      predictions.failures.push_back({predictions.cases[i].image, error->problem(), predictions.cases[i].where});
      return;
    }
    const infer::Answer& answer = std::get<infer::Answer>(outcome);
    for (const float value : answer.probabilities) predictions.probabilities.push_back(as_written(value));
    predictions.logits.insert(predictions.logits.end(), answer.logits.begin(), answer.logits.end());
    predictions.ood_score.push_back(static_cast<double>(answer.ood_score));
    answered.push_back(std::move(predictions.cases[i]));
  };
  classifier.stream_files(files, take, stop);
  progress.finish();
  predictions.cases = std::move(answered);
  if (predictions.cases.empty())
    throw InputError(fmt::format("no picture can be scored; the first, '{}': {}", predictions.failures.front().image,
                                 predictions.failures.front().reason),
                     manifest.path.string(),
                     "are the paths right, and the labels the model's? A label map (--labels) translates labels");
  if (options.look_for_copies) look_at_cases(card, manifest, predictions, options, stop);
  return predictions;
}

}  // namespace naevus::evaluate
