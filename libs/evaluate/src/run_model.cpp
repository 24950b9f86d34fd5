#include "naevus/evaluate/run_model.hpp"

#include <fmt/format.h>

#include <charconv>
#include <set>

#include "naevus/base/error.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/copies/fingerprint.hpp"

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

/// Compares the pictures' pixels with those that the card lists.
void warn_of_copies(const model::Card& card, Predictions& predictions, const RunOptions& options,
                    const StopToken& stop) {
  std::set<std::string> seen;
  for (const model::SeenPicture& picture : card.seen)
    if (picture.part != "validation" || predictions.part != "validation") seen.insert(picture.pixels);
  if (seen.empty()) return;
  const std::vector<std::filesystem::path> files = files_of(predictions.cases);
  WorkerPool pool(options.threads);
  std::size_t copies = 0;
  for (const copies::Fingerprint& print : copies::fingerprints(files, pool, stop))
    if (!print.pixels.empty() && seen.contains(print.pixels)) ++copies;
  if (copies > 0)
    predictions.warnings.insert(
        predictions.warnings.begin(),
        fmt::format("{} of the {} pictures were seen in training, pixel by pixel: the scores are too good",
                    grouped(copies), grouped(files.size())));
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
  predictions.preparation = classifier.preparation();
  take_cases(manifest, select(manifest, options.part), predictions);

  const std::vector<std::filesystem::path> files = files_of(predictions.cases);
  Progress progress("classifying", files.size());
  std::vector<Case> answered;
  const auto take = [&](std::size_t i, const infer::Outcome& outcome) {
    progress.advance();
    if (const Error* error = std::get_if<Error>(&outcome)) {
      predictions.failures.push_back({predictions.cases[i].image, error->problem()});
      return;
    }
    const infer::Answer& answer = std::get<infer::Answer>(outcome);
    for (const float value : answer.probabilities) predictions.probabilities.push_back(as_written(value));
    predictions.logits.insert(predictions.logits.end(), answer.logits.begin(), answer.logits.end());
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
  if (options.look_for_copies) warn_of_copies(card, predictions, options, stop);
  return predictions;
}

}  // namespace naevus::evaluate
