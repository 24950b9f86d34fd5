#include "naevus/evaluate/scores.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "naevus/base/error.hpp"
#include "naevus/metrics/calibration.hpp"
#include "naevus/metrics/ranked_scores.hpp"

namespace naevus::evaluate {
namespace {

using metrics::ConfusionMatrix;
using metrics::RankedScores;

/// Places of the scores in one resample.
enum Slot : std::size_t { accuracy, balanced_accuracy, macro_auc, malignant_auc, sensitivity, specificity, per_class };
enum ClassSlot : std::size_t { class_precision, class_recall, class_specificity, class_auc, class_slots };

std::optional<double> ratio(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(whole);
}

/// The malignant question's truths and scores.
struct Malignant {
  std::vector<std::uint8_t> positive;
  std::vector<double> share;
  RankedScores ranked;
};

std::optional<Malignant> malignant_of(const Predictions& predictions) {
  if (predictions.malignant.empty()) return std::nullopt;
  const std::set<std::string> names(predictions.malignant.begin(), predictions.malignant.end());
  std::vector<std::uint8_t> positive;
  for (const Case& item : predictions.cases) positive.push_back(names.contains(item.label) ? 1 : 0);
  std::vector<double> share = predictions.malignant_probability();
  RankedScores ranked(share, positive);
  return Malignant{std::move(positive), std::move(share), std::move(ranked)};
}

/// Sensitivity and specificity where a share at or above the threshold is called malignant.
void rates_at(const Malignant& malignant, double threshold, std::span<const std::uint32_t> weight,
              std::span<std::optional<double>> value) {
  std::uint64_t hits = 0, positives = 0, passes = 0, negatives = 0;
  for (std::size_t i = 0; i < malignant.share.size(); ++i) {
    const std::uint64_t times = weight.empty() ? 1 : weight[i];
    const bool called = malignant.share[i] >= threshold;
    (malignant.positive[i] != 0 ? positives : negatives) += times;
    if (malignant.positive[i] != 0 && called) hits += times;
    if (malignant.positive[i] == 0 && !called) passes += times;
  }
  value[sensitivity] = ratio(hits, positives);
  value[specificity] = ratio(passes, negatives);
}

/// Everything that gets an interval, ready to be computed for any weights of the cases.
struct Scorer {
  std::vector<int> truth;
  std::size_t classes;
  metrics::SortedCalls calls;
  std::vector<RankedScores> ranked;  // one against the rest
  std::optional<Malignant> malignant;
  std::optional<double> threshold;

  std::size_t slots() const { return per_class + classes * class_slots; }

  void operator()(std::span<const std::uint32_t> weight, std::span<std::optional<double>> value) const {
    const ConfusionMatrix matrix = calls.matrix(weight);
    value[accuracy] = metrics::accuracy(matrix);
    value[balanced_accuracy] = metrics::balanced_accuracy(matrix);
    const std::uint64_t total = matrix.total();
    std::vector<std::optional<double>> areas;
    for (std::size_t c = 0; c < classes; ++c) {
      const auto slot = value.subspan(per_class + c * class_slots, class_slots);
      const std::uint64_t right = matrix.at(c, c), support = matrix.truths(c), predicted = matrix.predictions(c);
      slot[class_precision] = ratio(right, predicted);
      slot[class_recall] = ratio(right, support);
      slot[class_specificity] = ratio(total - support - predicted + right, total - support);
      slot[class_auc] = ranked[c].auc(weight);
      areas.push_back(slot[class_auc]);
    }
    value[macro_auc] = metrics::mean_of_present(areas);
    if (!malignant) return;
    value[malignant_auc] = malignant->ranked.auc(weight);
    if (threshold) rates_at(*malignant, *threshold, weight, value);
  }
};

Scorer scorer_of(const Predictions& predictions, const std::vector<int>& called) {
  const std::size_t classes = predictions.classes.size();
  std::vector<int> truth = predictions.truth();
  metrics::SortedCalls calls(truth, called, classes);
  Scorer scorer{.truth = std::move(truth),
                .classes = classes,
                .calls = std::move(calls),
                .ranked = {},
                .malignant = malignant_of(predictions),
                .threshold = predictions.malignant_threshold};
  for (std::size_t c = 0; c < classes; ++c)
    scorer.ranked.emplace_back(metrics::column(predictions.probabilities, classes, c),
                               metrics::is_class(scorer.truth, static_cast<int>(c)));
  return scorer;
}

/// What the bootstrap draws: patients if one has several pictures, else lesions if one has, else pictures.
std::vector<std::uint32_t> clusters_of(const std::vector<Case>& cases, std::string& what, std::size_t& count) {
  const auto by = [&](std::string Case::* id) {
    std::map<std::string, std::uint32_t> seen;
    std::vector<std::uint32_t> cluster;
    std::uint32_t next = 0;
    for (const Case& item : cases)
      cluster.push_back((item.*id).empty() ? next++ : [&] {
        const auto [found, fresh] = seen.try_emplace(item.*id, next);
        if (fresh) ++next;
        return found->second;
      }());
    count = next;
    return cluster;
  };
  for (const auto& [id, name] : {std::pair(&Case::patient_id, "patients"), std::pair(&Case::lesion_id, "lesions")}) {
    std::vector<std::uint32_t> cluster = by(id);
    what = name;
    if (count < cases.size()) return cluster;
  }
  what = "pictures";
  return {};
}

std::string why_no_area(std::uint64_t positives, std::uint64_t total, const std::string& name) {
  if (positives == 0) return fmt::format("no picture is {}", name);
  if (positives == total) return fmt::format("every picture is {}", name);
  return {};
}

Malignancy malignancy_of(const Scorer& scorer, std::span<const std::optional<double>> value,
                         std::span<const std::optional<metrics::Interval>> interval) {
  const Malignant& malignant = *scorer.malignant;
  const auto positives =
      static_cast<std::uint64_t>(std::count(malignant.positive.begin(), malignant.positive.end(), 1));
  Malignancy result;
  result.auc = {value[malignant_auc], interval[malignant_auc]};
  result.no_auc = why_no_area(positives, malignant.positive.size(), "malignant");
  if (result.no_auc.empty()) {
    result.roc = metrics::roc_curve(malignant.share, malignant.positive);
    result.at_95 = metrics::at_sensitivity(*result.roc, 0.95);
  }
  if (value[sensitivity] && value[specificity]) {
    result.at_threshold = {*scorer.threshold, *value[sensitivity], *value[specificity]};
    result.sensitivity = interval[sensitivity];
    result.specificity = interval[specificity];
  }
  return result;
}

std::optional<Positive> positive_of(const Predictions& predictions, const std::string& asked) {
  const std::vector<std::string>& classes = predictions.classes;
  if (classes.size() != 2) {
    if (!asked.empty())
      throw UsageError(fmt::format("there are {} classes, not two", classes.size()), "--positive",
                       "leave it out: every class is scored against the rest");
    return std::nullopt;
  }
  if (!asked.empty()) {
    const auto found = std::find(classes.begin(), classes.end(), asked);
    if (found == classes.end())
      throw UsageError(fmt::format("'{}' is not a class", asked), "--positive",
                       fmt::format("choose {} or {}", classes[0], classes[1]));
    return Positive{static_cast<std::size_t>(found - classes.begin()), "as asked"};
  }
  if (predictions.malignant.size() == 1)
    return Positive{predictions.malignant[0] == classes[0] ? 0U : 1U, "the malignant class"};
  return Positive{1, "the second class; name another with --positive"};
}

std::vector<ClassResult> class_results(const Scorer& scorer, const Evaluation& evaluation,
                                       std::span<const std::optional<double>> value,
                                       std::span<const std::optional<metrics::Interval>> interval) {
  const Predictions& predictions = evaluation.predictions;
  const auto scores = metrics::class_scores(evaluation.confusion);
  std::vector<ClassResult> results;
  for (std::size_t c = 0; c < scorer.classes; ++c) {
    const std::size_t slot = per_class + c * class_slots;
    ClassResult result{.name = predictions.classes[c],
                       .scores = scores[c],
                       .precision = interval[slot + class_precision],
                       .recall = interval[slot + class_recall],
                       .specificity = interval[slot + class_specificity],
                       .auc = {value[slot + class_auc], interval[slot + class_auc]},
                       .no_auc = why_no_area(scores[c].support, predictions.cases.size(), predictions.classes[c]),
                       .roc = {}};
    if (result.no_auc.empty())
      result.roc = metrics::roc_curve(metrics::column(predictions.probabilities, scorer.classes, c),
                                      metrics::is_class(scorer.truth, static_cast<int>(c)));
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace

Evaluation score(Predictions predictions, const ScoreOptions& options) {
  if (predictions.cases.empty()) throw InputError("there are no pictures to score", predictions.source);
  Evaluation result;
  result.bootstrap = options.bootstrap;
  result.positive = positive_of(predictions, options.positive);
  result.predictions = std::move(predictions);
  const Predictions& given = result.predictions;
  const std::size_t classes = given.classes.size();
  result.called = metrics::most_likely(given.probabilities, classes);
  const Scorer scorer = scorer_of(given, result.called);

  std::vector<std::optional<double>> value(scorer.slots());
  scorer({}, value);
  const std::vector<std::uint32_t> cluster = clusters_of(given.cases, result.resampled, result.units);
  const auto interval =
      metrics::bootstrap(given.cases.size(), cluster, scorer.slots(), std::cref(scorer), options.bootstrap);

  result.confusion = scorer.calls.matrix();
  result.accuracy = {value[accuracy], interval[accuracy]};
  result.balanced_accuracy = {value[balanced_accuracy], interval[balanced_accuracy]};
  result.macro_auc = {value[macro_auc], interval[macro_auc]};
  result.classes = class_results(scorer, result, value, interval);
  std::vector<metrics::ClassScores> scores;
  for (const ClassResult& item : result.classes) {
    scores.push_back(item.scores);
    if (item.scores.support > 0) result.present.push_back(item.name);
  }
  result.macro = metrics::macro_average(scores);
  result.weighted = metrics::weighted_average(scores);
  result.log_loss = metrics::log_loss(given.probabilities, scorer.truth, classes).value();
  result.brier_score = metrics::brier_score(given.probabilities, scorer.truth, classes).value();
  result.calibration_error = metrics::expected_calibration_error(given.probabilities, scorer.truth, classes).value();
  if (scorer.malignant) result.malignancy = malignancy_of(scorer, value, interval);
  return result;
}

}  // namespace naevus::evaluate
