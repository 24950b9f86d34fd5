#include "naevus/evaluate/scores.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "context.hpp"
#include "naevus/base/error.hpp"
#include "naevus/metrics/proportion.hpp"

namespace naevus::evaluate {
namespace {

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

void check_classes(Evaluation& evaluation) {
  Check check{.id = "classes", .verdict = Verdict::passed, .text = {}, .examples = {}};
  for (const ClassResult& result : evaluation.classes)
    if (result.scores.support == 0) check.examples.push_back(result.name);
  check.count = check.examples.size();
  if (check.examples.empty()) {
    check.text = fmt::format("all {} classes have cases", evaluation.classes.size());
  } else {
    check.verdict = Verdict::failed;
    check.text = fmt::format(
        "{} of {} classes have no case ({}): nothing is said of them, and balanced accuracy is "
        "over the others",
        check.count, evaluation.classes.size(), fmt::join(check.examples, ", "));
  }
  set_check(evaluation.predictions.checks, std::move(check));
}

/// Sentences on what has too few cases: a sensitivity whose interval is wider than 10 points to each side.
void judge_numbers(Evaluation& evaluation) {
  std::vector<std::string> few;
  for (const ClassResult& result : evaluation.classes) {
    const auto& scores = result.scores;
    const auto right = static_cast<std::uint64_t>(std::llround(scores.recall * static_cast<double>(scores.support)));
    if (scores.support > 0 && metrics::too_few_cases(right, scores.support))
      few.push_back(fmt::format("{} ({})", result.name, scores.support));
  }
  if (!few.empty())
    evaluation.small.push_back(fmt::format(
        "too few pictures to know the sensitivity to 10 points to each side: {}; {} are enough for any class",
        fmt::join(few, ", "), metrics::cases_needed()));
}

}  // namespace

Evaluation score(Predictions predictions, const ScoreOptions& options) {
  if (predictions.cases.empty()) throw InputError("there are no pictures to score", predictions.source);
  Evaluation result;
  result.bootstrap = options.bootstrap;
  result.positive = positive_of(predictions, options.positive);
  result.predictions = std::move(predictions);

  const Context context = context_of(result.predictions, options.bootstrap);
  result.called = context.called;
  result.resampled = context.units.unit;
  result.units = context.units.count;
  Resampled resampled(context, options.bootstrap);
  std::vector<Fill> fills;
  for (const auto plan : {plan_overall, plan_classes, plan_isic, plan_malignancy, plan_decisions, plan_reliability,
                          plan_sets, plan_refusal, plan_subgroups})
    fills.push_back(plan(context, resampled));
  resampled.run();
  for (const Fill& fill : fills) fill(resampled, result);
  check_classes(result);
  judge_numbers(result);
  return result;
}

}  // namespace naevus::evaluate
