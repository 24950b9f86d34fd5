#include "words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "naevus/base/file.hpp"
#include "naevus/base/hash.hpp"
#include "naevus/base/progress.hpp"

namespace naevus::evaluate::words {
namespace {

constexpr const char* dash = "–";

std::string p_value(double p) {
  return p < 0.001 ? "p < 0.001" : fmt::format("p = {:.3f}", p);
}

}  // namespace

std::string number(double value, int decimals) {
  return fmt::format("{:.{}f}", value, decimals);
}

std::string number(const std::optional<double>& value) {
  return value ? number(*value) : dash;
}

std::string interval(const std::optional<metrics::Interval>& interval) {
  return interval ? fmt::format("[{:.3f}, {:.3f}]", interval->low, interval->high) : "";
}

std::string estimate(const Estimate& estimate) {
  if (!estimate.value) return dash;
  return estimate.interval ? number(*estimate.value) + " " + interval(estimate.interval) : number(*estimate.value);
}

std::string percent(const Estimate& estimate) {
  if (!estimate.value) return dash;
  std::string text = fmt::format("{:.1f} %", 100 * *estimate.value);
  if (estimate.interval)
    text += fmt::format(" [{:.1f}, {:.1f}]", 100 * estimate.interval->low, 100 * estimate.interval->high);
  return text;
}

std::string counts(const Evaluation& evaluation) {
  const Predictions& predictions = evaluation.predictions;
  std::string text = grouped(predictions.cases.size()) + " pictures";
  if (predictions.part != "all") text += fmt::format(" of the part '{}'", predictions.part);
  if (!predictions.failures.empty())
    text += fmt::format(", {} could not be scored", grouped(predictions.failures.size()));
  return text;
}

std::string pictures(const Predictions& predictions) {
  return fmt::format("{} pictures of {}, part {}", grouped(predictions.cases.size()),
                     std::filesystem::path(predictions.manifest).filename().string(), predictions.part);
}

std::string pictures_with_hash(const Predictions& predictions) {
  return fmt::format("{}, manifest {}", pictures(predictions), hash_hex(read_file(predictions.manifest)));
}

std::string intervals(const Evaluation& evaluation) {
  const bool clustered = evaluation.units < evaluation.predictions.cases.size();
  const char* const closed = clustered ? "areas under ROC curves by Obuchowski's variance"
                                       : "proportions by Wilson, areas under ROC curves by DeLong";
  return fmt::format("{:g} % intervals, {} (logit scale), the others by {} bootstrap resamples of {} {} (seed {})",
                     100 * evaluation.bootstrap.level, closed,
                     grouped(static_cast<std::uint64_t>(evaluation.bootstrap.resamples)), grouped(evaluation.units),
                     evaluation.resampled, evaluation.bootstrap.seed);
}

std::string method(const Evaluation& evaluation) {
  return "[low, high]: " + intervals(evaluation);
}

std::string present(const Evaluation& evaluation) {
  const std::size_t all = evaluation.classes.size(), some = evaluation.present.size();
  if (some == all) return fmt::format("balanced accuracy is the mean sensitivity of all {} classes", all);
  return fmt::format("balanced accuracy is the mean sensitivity of the {} present ({}) of {}",
                     some == 1 ? "one class" : fmt::format("{} classes", some), fmt::join(evaluation.present, ", "),
                     all);
}

std::vector<std::string> class_row(const ClassResult& result, bool with_intervals) {
  const auto shown = [&](const Estimate& value) { return with_intervals ? estimate(value) : number(value.value); };
  return {result.name,          grouped(result.scores.support), shown(result.precision),
          shown(result.recall), shown(result.specificity),      shown(result.f1),
          shown(result.auc)};
}

std::string challenge(const Evaluation& evaluation) {
  const auto ranked = challenge_score(evaluation);
  if (!ranked) return {};
  return fmt::format("{} ranks by {}: {}", evaluation.predictions.challenge, ranked->name, estimate(ranked->score));
}

std::vector<std::string> malignancy(const Evaluation& evaluation) {
  if (!evaluation.malignancy) return {};
  const Malignancy& result = *evaluation.malignancy;
  const std::string names = fmt::format("{}", fmt::join(evaluation.predictions.malignant, ", "));
  if (!result.auc.value) return {fmt::format("malignant ({}): no AUC, {}", names, result.no_auc)};
  std::vector<std::string> lines{fmt::format("malignant ({}) against the rest: AUC {}", names, estimate(result.auc))};
  if (!evaluation.decisions) return lines;
  for (const Decision& at : evaluation.decisions->at) {
    if (!at.threshold) {
      lines.push_back(fmt::format("{}: nobody is called malignant", rule_name(at.rule, at.aim)));
      continue;
    }
    const std::string name = at.rule == "model"
                                 ? fmt::format("at the model's threshold {:.3f}", *at.threshold)
                                 : fmt::format("at {:.3f}, fitted for {}", *at.threshold, rule_name(at.rule, at.aim));
    lines.push_back(
        fmt::format("{}: sensitivity {}, specificity {}", name, estimate(at.sensitivity), estimate(at.specificity)));
  }
  for (const Decision& at : evaluation.decisions->triage)
    if (at.aim == 0.95)
      lines.push_back(
          fmt::format("at {:.1f} % sensitivity, chosen on these pictures, {} of all are sent home, {} of "
                      "them malignant",
                      100 * at.sensitivity.value.value_or(0), percent(at.sent_home), grouped(at.false_negatives)));
  return lines;
}

std::string positive(const Evaluation& evaluation) {
  const ClassResult& yes = evaluation.classes[evaluation.positive->index];
  const ClassResult& no = evaluation.classes[1 - evaluation.positive->index];
  return fmt::format(
      "positive is '{}' ({}): sensitivity {}, specificity {}, positive predictive value {}, negative predictive value "
      "{}",
      yes.name, evaluation.positive->reason, estimate(yes.recall), estimate(yes.specificity), estimate(yes.precision),
      estimate(no.precision));
}

std::string calibration(const Evaluation& evaluation) {
  const BinnedReliability& bins = evaluation.reliability.equal_width;
  return fmt::format(
      "calibration error {:.3f} (15 bins of equal width); a perfectly calibrated model with the same "
      "probabilities would show {:.3f}, and in 95 of 100 cases at most {:.3f} ({})",
      bins.perfect.error, bins.perfect.expected, bins.perfect.limit, p_value(bins.perfect.p_value));
}

std::string sets(const Evaluation& evaluation) {
  if (!evaluation.sets) return {};
  const SetCoverage& found = *evaluation.sets;
  return fmt::format(
      "prediction sets promised to hold the truth of {:g} % {}: {} do, with {:.2f} classes each, {} with "
      "one class",
      100 * found.promised, found.by_class ? "of each class" : "of the pictures", percent(found.coverage),
      found.mean_size.value.value_or(0), percent(found.single));
}

std::string refusal(const Evaluation& evaluation) {
  const Answering& answering = evaluation.refusal.answering.front();
  std::string text =
      fmt::format("of the surest {:.0f} % of the pictures, {} are called right, of all {}", 100 * answering.coverage[2],
                  percent(answering.accuracy[2]), percent(answering.accuracy[0]));
  if (const auto& limit = evaluation.refusal.limit)
    text += fmt::format("; the model's limit refuses {} as unlike its training pictures", percent(limit->refused));
  return text;
}

std::vector<std::string> gaps(const Evaluation& evaluation) {
  constexpr std::size_t shown = 3;
  std::size_t all = 0;
  std::vector<std::pair<double, std::string>> clear;  // by the difference that there is at least
  for (const Subgroups& subgroups : evaluation.subgroups)
    for (const Gap& gap : subgroups.gaps) {
      ++all;
      const auto& limits = gap.difference.interval;
      if (!limits || limits->low <= 0) continue;
      const auto value = [&](std::size_t group) {
        return number(subgroups.groups[group].score[static_cast<std::size_t>(gap.score)].value);
      };
      clear.emplace_back(limits->low,
                         fmt::format("{} by {}: {} ({}) against {} ({}), difference {}", score_name(gap.score),
                                     subgroups.by, value(gap.worst), subgroups.groups[gap.worst].name, value(gap.best),
                                     subgroups.groups[gap.best].name, estimate(gap.difference)));
    }
  std::stable_sort(clear.begin(), clear.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < std::min(shown, clear.size()); ++i)
    lines.push_back(
        fmt::format("{} of {} gaps between groups: {}", i == 0 ? "clearest" : "then", all, clear[i].second));
  return lines;
}

std::vector<std::string> failed_checks(const std::vector<Check>& checks) {
  std::vector<std::string> lines;
  for (const Check& check : checks)
    if (check.verdict == Verdict::failed) lines.push_back(check_name(check.id) + ": " + check.text);
  return lines;
}

std::string check_names(const std::vector<Check>& checks, Verdict verdict) {
  std::vector<std::string> names;
  for (const Check& check : checks)
    if (check.verdict == verdict) names.push_back(check_name(check.id));
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string score_name(GroupScore score) {
  switch (score) {
    case GroupScore::accuracy:
      return "accuracy";
    case GroupScore::balanced_accuracy:
      return "balanced accuracy";
    case GroupScore::malignant_auc:
      return "malignant AUC";
    case GroupScore::sensitivity:
      return "sensitivity";
    case GroupScore::specificity:
      return "specificity";
  }
  return {};
}

}  // namespace naevus::evaluate::words
