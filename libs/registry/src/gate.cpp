#include "naevus/registry/gate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "naevus/evaluate/compare.hpp"
#include "naevus/evaluate/scores.hpp"
#include "naevus/metrics/confusion.hpp"
#include "naevus/metrics/fisher.hpp"

namespace naevus::registry {
namespace {

/// One score of both, candidate first.
struct Difference {
  double candidate = 0, served = 0, low = 0, high = 0;

  std::string in_words() const {
    return fmt::format("{:.3f} against {:.3f} of the served model: a difference of {:+.3f}", candidate, served,
                       candidate - served);
  }
};

/// Nothing where the score does not exist; `why` says it then.
std::optional<Difference> difference(const evaluate::Comparison& comparison, const std::string& name,
                                     const std::string& of, std::string& why) {
  why = "it can't be compared there";
  for (const evaluate::ComparedScore& score : comparison.scores) {
    if (score.name != name || score.of != of) continue;
    if (!score.missing.empty()) why = score.missing;
    if (!score.first || !score.second || !score.interval) return std::nullopt;
    return Difference{
        .candidate = *score.first, .served = *score.second, .low = score.interval->low, .high = score.interval->high};
  }
  return std::nullopt;
}

Condition no_worse(const evaluate::Comparison& comparison, const std::string& name, const std::string& of,
                   double margin) {
  Condition condition{.name = fmt::format("{}{}{} on the frozen test part", name, of.empty() ? "" : " for ", of)};
  const auto found = difference(comparison, name, of, condition.text);
  if (!found) return condition;
  condition.holds = found->low > -margin;
  condition.text = fmt::format("{}, whose lower bound {:+.3f} {} above {:+.3f}", found->in_words(), found->low,
                               condition.holds ? "lies" : "does not lie", -margin);
  return condition;
}

/// What the candidate learned from must not be what it is tested on.
Condition no_copies(const evaluate::Predictions& candidate) {
  Condition condition{.name = "copies of its training pictures in the frozen test part", .holds = true};
  for (const evaluate::Check& check : candidate.checks)
    if ((check.id == "copies" || check.id == "near_copies") && check.verdict == evaluate::Verdict::failed) {
      condition.holds = false;
      condition.text += fmt::format("{}{}", condition.text.empty() ? "" : "; ", check.text);
    }
  if (condition.holds) condition.text = "none";
  return condition;
}

Condition not_shown_worse(const evaluate::Comparison& comparison) {
  Condition condition{.name = "balanced accuracy on the newest feedback", .holds = true};
  const auto found = difference(comparison, "balanced accuracy", "", condition.text);
  if (!found) return condition;
  condition.holds = found->high >= 0;
  condition.text = fmt::format("{} on {} pictures, whose upper bound {:+.3f} {} below 0", found->in_words(),
                               comparison.first.cases.size(), found->high, condition.holds ? "does not lie" : "lies");
  return condition;
}

/// Mean of the recalls of the classes that have enough of these cases; nothing where fewer than two have.
std::optional<double> balanced_accuracy(const evaluate::Predictions& predictions, const std::vector<int>& called,
                                        const std::vector<std::uint32_t>& members, const GateOptions& options) {
  std::map<int, metrics::Share> recalls;
  for (const std::uint32_t index : members) {
    const int truth = predictions.cases[index].truth;
    ++recalls[truth].cases;
    if (called[index] == truth) ++recalls[truth].hits;
  }
  double sum = 0;
  std::size_t counted = 0;
  for (const auto& [truth, recall] : recalls) {
    if (recall.cases < options.subgroup_class_cases) continue;
    sum += static_cast<double>(recall.hits) / recall.cases;
    ++counted;
  }
  return counted < 2 ? std::nullopt : std::optional(sum / static_cast<double>(counted));
}

/// @param candidate, served  answers to the same cases in the same order
Condition subgroups(const evaluate::Predictions& candidate, const evaluate::Predictions& served,
                    const GateOptions& options) {
  const auto all = evaluate::score(candidate, {.bootstrap = {.resamples = 100, .threads = options.threads}}).subgroups;
  const auto ours = metrics::most_likely(candidate.probabilities, candidate.classes.size()),
             theirs = metrics::most_likely(served.probabilities, served.classes.size());
  Condition condition{.name = "subgroups of the frozen test part", .holds = true};
  std::size_t judged = 0;
  for (const evaluate::Subgroups& property : all) {
    for (const evaluate::Group& group : property.groups) {
      if (group.pictures < options.subgroup_cases) continue;
      const auto now = balanced_accuracy(candidate, ours, group.members, options),
                 before = balanced_accuracy(served, theirs, group.members, options);
      if (!now || !before) continue;
      ++judged;
      if (*before - *now <= options.subgroup_margin) continue;
      condition.holds = false;
      condition.text += fmt::format("{}{} {}: balanced accuracy falls from {:.3f} to {:.3f}",
                                    condition.text.empty() ? "" : "; ", property.by, group.name, *before, *now);
    }
  }
  if (condition.holds)
    condition.text = fmt::format("in none of {} of {} or more pictures does balanced accuracy fall by more than {:.2f}",
                                 judged, options.subgroup_cases, options.subgroup_margin);
  return condition;
}

}  // namespace

bool GateResult::passed() const {
  return std::all_of(conditions.begin(), conditions.end(), [](const auto& condition) { return condition.holds; });
}

GateResult judge(const GateAnswers& candidate, const GateAnswers& served, const GateOptions& options) {
  // A one-sided bound at 95 % is an end of the two-sided interval at 90 %.
  const evaluate::CompareOptions compare{
      .bootstrap = {.level = 2 * options.level - 1, .seed = options.seed, .threads = options.threads}};
  const auto frozen = evaluate::compare(candidate.frozen, served.frozen, compare);
  const auto& classes = candidate.frozen.classes;
  const bool has_class = std::find(classes.begin(), classes.end(), options.most_harmful) != classes.end();
  GateResult result;
  result.conditions.push_back(no_worse(frozen, "balanced accuracy", "", options.margin));
  result.conditions.push_back(
      no_worse(frozen, "sensitivity", has_class ? options.most_harmful : "malignant", options.margin));
  result.conditions.push_back(no_copies(candidate.frozen));
  result.conditions.push_back(subgroups(frozen.first, frozen.second, options));
  if (candidate.newest && served.newest)
    result.conditions.push_back(not_shown_worse(evaluate::compare(*candidate.newest, *served.newest, compare)));
  return result;
}

std::string to_json(const GateResult& result) {
  auto conditions = nlohmann::ordered_json::array();
  for (const Condition& condition : result.conditions)
    conditions.push_back({{"name", condition.name}, {"holds", condition.holds}, {"text", condition.text}});
  return nlohmann::ordered_json{{"passed", result.passed()}, {"conditions", conditions}}.dump();
}

}  // namespace naevus::registry
