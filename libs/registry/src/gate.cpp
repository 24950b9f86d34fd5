#include "naevus/registry/gate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "naevus/evaluate/compare.hpp"
#include "naevus/evaluate/scores.hpp"

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

/// What one score of one subgroup loses, where it has enough cases.
std::optional<double> loss(const evaluate::Group& candidate, const evaluate::Group& served, evaluate::GroupScore score,
                           std::uint64_t cases, const GateOptions& options) {
  const auto which = static_cast<std::size_t>(score);
  if (cases < options.subgroup_cases || !candidate.score[which].value || !served.score[which].value)
    return std::nullopt;
  return *served.score[which].value - *candidate.score[which].value;
}

Condition subgroups(const evaluate::Predictions& candidate, const evaluate::Predictions& served,
                    const GateOptions& options) {
  const evaluate::ScoreOptions few{.bootstrap = {.resamples = 100, .threads = options.threads}};
  const auto ours = evaluate::score(candidate, few).subgroups, theirs = evaluate::score(served, few).subgroups;
  Condition condition{.name = "subgroups of the frozen test part", .holds = true};
  std::size_t judged = 0;
  for (std::size_t property = 0; property < ours.size() && property < theirs.size(); ++property) {
    for (const evaluate::Group& group : ours[property].groups) {
      const auto& others = theirs[property].groups;
      const auto other =
          std::find_if(others.begin(), others.end(), [&](const auto& g) { return g.name == group.name; });
      if (other == others.end()) continue;
      for (const auto& [score, cases] : {std::pair(evaluate::GroupScore::accuracy, group.pictures),
                                         std::pair(evaluate::GroupScore::sensitivity, group.malignant)}) {
        const auto lost = loss(group, *other, score, cases, options);
        if (!lost) continue;
        ++judged;
        if (*lost <= options.subgroup_margin) continue;
        condition.holds = false;
        condition.text += fmt::format("{}{} {}: {} falls by {:.3f}", condition.text.empty() ? "" : "; ",
                                      ours[property].by, group.name, to_string(score), *lost);
      }
    }
  }
  if (condition.holds)
    condition.text = fmt::format("none of {} figures of groups of {} or more falls by more than {:.2f}", judged,
                                 options.subgroup_cases, options.subgroup_margin);
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
