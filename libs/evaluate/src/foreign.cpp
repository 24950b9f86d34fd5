#include "naevus/evaluate/foreign.hpp"

#include <algorithm>

#include "naevus/base/error.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/metrics/auc_inference.hpp"
#include "naevus/metrics/proportion.hpp"

namespace naevus::evaluate {
namespace {

namespace fs = std::filesystem;

/// Classifies files; take(index, answer) for those that can be read, the others become failures.
template <typename Take>
void answer_all(const infer::Classifier& classifier, const std::vector<fs::path>& files,
                const std::vector<std::string>& names, const char* label, std::vector<Failure>& failures,
                const StopToken& stop, const Take& take) {
  Progress progress(label, files.size());
  classifier.stream_files(
      files,
      [&](std::size_t i, const infer::Outcome& outcome) {
        progress.advance();
        if (const Error* error = std::get_if<Error>(&outcome))
          failures.push_back({names[i], error->problem()});
        else
          take(i, std::get<infer::Answer>(outcome));
      },
      stop);
}

void check_some(std::size_t count, const std::vector<Failure>& failures, const std::string& what,
                const std::string& where) {
  if (count > 0) return;
  throw InputError("no " + what + " can be read" +
                       (failures.empty() ? "" : "; '" + failures.back().image + "': " + failures.back().reason),
                   where);
}

Refused refused_above(double limit, const std::vector<double>& scores) {
  Refused result;
  result.pictures = scores.size();
  result.refused = static_cast<std::size_t>(
      std::count_if(scores.begin(), scores.end(), [&](double score) { return score > limit; }));
  result.interval = metrics::wilson_interval(result.refused, result.pictures);
  return result;
}

/// Tells the foreign pictures (positive) from the own ones.
std::optional<metrics::Interval> auroc_interval(const std::vector<double>& own, const std::vector<double>& foreign) {
  std::vector<double> score = own;
  score.insert(score.end(), foreign.begin(), foreign.end());
  std::vector<std::uint8_t> positive(own.size(), 0);
  positive.insert(positive.end(), foreign.size(), 1);
  const auto estimate = metrics::estimate_auc(score, positive);
  return estimate ? metrics::auc_logit_interval(*estimate) : std::nullopt;
}

}  // namespace

ForeignOutcome measure_foreign(const infer::Classifier& classifier, const dataset::Manifest& manifest,
                               std::span<const fs::path> files, const ForeignOptions& options, const StopToken& stop) {
  const model::Card& card = classifier.card();
  const Selection selection = select(manifest, options.part);
  ForeignOutcome result;
  result.model = options.model;
  result.manifest = manifest.path.string();
  result.part = selection.part;
  result.kind = card.ood_kind;
  result.warnings = selection.warnings;
  result.limit = card.ood_limit;

  std::vector<fs::path> own_files;
  std::vector<std::string> own_names;
  for (const std::size_t i : selection.entries) {
    own_files.push_back(manifest.image_path(manifest.entries[i]));
    own_names.push_back(manifest.entries[i].image);
  }
  answer_all(classifier, own_files, own_names, "own pictures", result.failures, stop,
             [&](std::size_t, const infer::Answer& answer) { result.own.push_back(answer.ood_score); });
  check_some(result.own.size(), result.failures, "picture of the manifest", result.manifest);

  const std::vector<fs::path> foreign_files(files.begin(), files.end());
  std::vector<std::string> foreign_names;
  for (const fs::path& file : files) foreign_names.push_back(file.string());
  answer_all(
      classifier, foreign_files, foreign_names, "foreign pictures", result.failures, stop,
      [&](std::size_t i, const infer::Answer& answer) {
        const auto top = std::max_element(answer.probabilities.begin(), answer.probabilities.end());
        result.foreign.push_back({foreign_names[i], answer.ood_score,
                                  card.classes[static_cast<std::size_t>(top - answer.probabilities.begin())], *top});
      });
  check_some(result.foreign.size(), result.failures, "foreign picture", "");
  std::stable_sort(result.foreign.begin(), result.foreign.end(),
                   [](const ForeignPicture& a, const ForeignPicture& b) { return a.score > b.score; });

  std::vector<double> foreign;
  for (const ForeignPicture& picture : result.foreign) foreign.push_back(picture.score);
  result.scores = metrics::score_refusal(result.own, foreign);
  result.auroc_interval = auroc_interval(result.own, foreign);
  if (result.limit) {
    result.own_refused = refused_above(*result.limit, result.own);
    result.foreign_refused = refused_above(*result.limit, foreign);
  }
  return result;
}

}  // namespace naevus::evaluate
