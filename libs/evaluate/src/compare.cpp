#include "naevus/evaluate/compare.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>

#include "area.hpp"
#include "matched_cases.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/evaluate/clusters.hpp"
#include "naevus/metrics/auc_inference.hpp"
#include "naevus/metrics/mcnemar.hpp"
#include "naevus/metrics/paired_proportions.hpp"
#include "naevus/metrics/ranked_scores.hpp"
#include "naevus/metrics/roc.hpp"

namespace naevus::evaluate {
namespace {

constexpr const char* delong = "DeLong";
constexpr const char* obuchowski = "Obuchowski";
constexpr const char* newcombe = "Newcombe's intervals of both";
constexpr const char* mcnemar = "McNemar (mid-p), interval of Newcombe";
constexpr const char* paired_bootstrap = "paired bootstrap";

/// What one of the two says, ready to be scored for any weights of the cases.
struct Side {
  std::vector<int> called;
  metrics::SortedCalls calls;
  std::vector<std::vector<double>> class_score;  // a column for each class
  std::vector<metrics::RankedScores> ranked;     // one against the rest
  std::vector<double> malignant;                 // empty without malignant classes
};

Side side_of(const Predictions& predictions, const std::vector<int>& truth) {
  const std::size_t classes = predictions.classes.size();
  std::vector<int> called = metrics::most_likely(predictions.probabilities, classes);
  metrics::SortedCalls calls(truth, called, classes);
  Side side{.called = std::move(called), .calls = std::move(calls), .class_score = {}, .ranked = {}, .malignant = {}};
  for (std::size_t c = 0; c < classes; ++c) {
    side.class_score.push_back(metrics::column(predictions.probabilities, classes, c));
    side.ranked.emplace_back(side.class_score.back(), metrics::is_class(truth, static_cast<int>(c)));
  }
  if (!predictions.malignant.empty()) side.malignant = predictions.malignant_probability();
  return side;
}

/// A share of right cases among some of them.
struct Rate {
  std::string name, of;
  std::vector<std::uint8_t> counts;         // 1 for the cases that it is over
  std::vector<std::uint8_t> first, second;  // 1 where right
  std::string missing;                      // why it can't be compared

  std::optional<double> share(const std::vector<std::uint8_t>& right, std::span<const std::uint32_t> weight) const {
    std::uint64_t hits = 0, all = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
      if (counts[i] == 0) continue;
      const std::uint64_t times = weight.empty() ? 1 : weight[i];
      all += times;
      hits += right[i] != 0 ? times : 0;
    }
    if (all == 0) return std::nullopt;
    return static_cast<double>(hits) / static_cast<double>(all);
  }
  metrics::PairedCounts table() const {
    metrics::PairedCounts result;
    for (std::size_t i = 0; i < counts.size(); ++i) {
      if (counts[i] == 0) continue;
      ++(first[i] != 0 ? (second[i] != 0 ? result.both : result.only_first)
                       : (second[i] != 0 ? result.only_second : result.neither));
    }
    return result;
  }
};

/// An area of both.
struct Area {
  std::string of;
  std::vector<std::uint8_t> positive;
  const std::vector<double>*first, *second;
};

/// Everything that is compared, before it is.
struct Question {
  std::vector<int> truth;
  Side first, second;
  CaseClusters clusters;
  std::vector<std::uint8_t> malignant;  // 1 for malignant cases

  bool clustered() const { return !clusters.of.empty(); }
};

ComparedScore named(std::string name, std::string of, std::string method = {}) {
  ComparedScore score;
  score.name = std::move(name);
  score.of = std::move(of);
  score.method = std::move(method);
  return score;
}

std::vector<std::uint8_t> are_malignant(const Predictions& predictions) {
  const std::set<std::string> names(predictions.malignant.begin(), predictions.malignant.end());
  std::vector<std::uint8_t> positive;
  for (const Case& item : predictions.cases) positive.push_back(names.contains(item.label) ? 1 : 0);
  return positive;
}

std::vector<std::uint8_t> right_calls(const std::vector<int>& truth, const std::vector<int>& called) {
  std::vector<std::uint8_t> right;
  for (std::size_t i = 0; i < truth.size(); ++i) right.push_back(truth[i] == called[i] ? 1 : 0);
  return right;
}

/// 1 where a share at or above the threshold is what the case is.
std::vector<std::uint8_t> right_at(const std::vector<double>& share, const std::vector<std::uint8_t>& positive,
                                   double threshold) {
  std::vector<std::uint8_t> right;
  for (std::size_t i = 0; i < share.size(); ++i) right.push_back((share[i] >= threshold) == (positive[i] != 0) ? 1 : 0);
  return right;
}

std::vector<std::uint8_t> others(std::vector<std::uint8_t> positive) {
  for (std::uint8_t& value : positive) value = value != 0 ? 0 : 1;
  return positive;
}

std::vector<Rate> rates_of(const Comparison& comparison, const Question& question) {
  const auto first = right_calls(question.truth, question.first.called);
  const auto second = right_calls(question.truth, question.second.called);
  std::vector<Rate> rates{{"accuracy", "", std::vector<std::uint8_t>(first.size(), 1), first, second, ""}};
  if (!comparison.first.malignant.empty()) {
    const auto& one = comparison.first.malignant_threshold;
    const auto& other = comparison.second.malignant_threshold;
    Rate rate{.name = "sensitivity",
              .of = "malignant",
              .counts = question.malignant,
              .first = {},
              .second = {},
              .missing = {}};
    if (one && other) {
      rate.first = right_at(question.first.malignant, question.malignant, *one);
      rate.second = right_at(question.second.malignant, question.malignant, *other);
    } else {
      rate.missing =
          fmt::format("{} has no malignant threshold", one ? comparison.second.source : comparison.first.source);
    }
    rates.push_back(rate);
    rate.name = "specificity";
    rate.counts = others(question.malignant);
    rates.push_back(std::move(rate));
  }
  for (std::size_t c = 0; c < comparison.first.classes.size(); ++c)
    rates.push_back({"sensitivity", comparison.first.classes[c], metrics::is_class(question.truth, static_cast<int>(c)),
                     first, second, ""});
  return rates;
}

std::vector<Area> areas_of(const Comparison& comparison, const Question& question) {
  std::vector<Area> areas;
  if (!comparison.first.malignant.empty())
    areas.push_back({"malignant", question.malignant, &question.first.malignant, &question.second.malignant});
  for (std::size_t c = 0; c < comparison.first.classes.size(); ++c)
    areas.push_back({comparison.first.classes[c], metrics::is_class(question.truth, static_cast<int>(c)),
                     &question.first.class_score[c], &question.second.class_score[c]});
  return areas;
}

ComparedScore compared(const Rate& rate, const std::string& unit) {
  ComparedScore score = named(rate.name, rate.of);
  score.missing = rate.missing;
  if (!score.missing.empty()) return score;
  score.first = rate.share(rate.first, {});
  score.second = rate.share(rate.second, {});
  if (!score.first) {
    score.missing = fmt::format("no case is {}{}", rate.name == "specificity" ? "not " : "", rate.of);
    return score;
  }
  const metrics::PairedCounts table = rate.table();
  score.only_first = table.only_first;
  score.only_second = table.only_second;
  score.method = paired_bootstrap + (unit == "pictures" ? std::string() : " of " + unit);
  return score;
}

ComparedScore compared(const Area& area, const Question& question, double level) {
  ComparedScore score = named("AUC", area.of);
  score.first = metrics::roc_auc(*area.first, area.positive);
  score.second = metrics::roc_auc(*area.second, area.positive);
  if (!score.first) {
    const bool none = std::find(area.positive.begin(), area.positive.end(), 1) == area.positive.end();
    score.missing = fmt::format("{} case is {}", none ? "no" : "every", area.of);
    return score;
  }
  const auto result = metrics::compare_auc(*area.first, *area.second, area.positive, question.clusters.of, level);
  // One case alone, or both in perfect order: DeLong's variance says nothing.
  if (!result || (result->variance == 0 && *area.first != *area.second)) {
    const KindCounts kinds = count_kinds(area.positive, question.clusters.of);
    score.interval =
        metrics::newcombe_auc_difference(*score.first, *score.second, kinds.positives, kinds.negatives, level);
    score.method = newcombe;
    return score;
  }
  score.interval = result->interval;
  score.p_value = result->p_value;
  score.method = question.clustered() ? obuchowski : delong;
  return score;
}

void add_mcnemar(const Rate& rate, double level, ComparedScore& score) {
  const metrics::PairedCounts table = rate.table();
  score.interval = metrics::paired_difference_interval(table, level);
  score.p_value = metrics::mcnemar_test(table.only_first, table.only_second).mid_p;
  score.method = mcnemar;
}

/// Balanced accuracy, macro AUC, and after them the rates.
void bootstrap_scores(const Question& question, const std::vector<Rate>& rates,
                      const metrics::BootstrapOptions& options, const std::vector<ComparedScore*>& scores) {
  const auto statistic = [&](const Side& side, bool is_first) {
    return [&, is_first](std::span<const std::uint32_t> weight, std::span<std::optional<double>> value) {
      value[0] = metrics::balanced_accuracy(side.calls.matrix(weight));
      std::vector<std::optional<double>> areas;
      for (const metrics::RankedScores& ranked : side.ranked) areas.push_back(ranked.auc(weight));
      value[1] = metrics::mean_of_present(areas);
      for (std::size_t k = 2; k < value.size(); ++k)
        if (const Rate& rate = rates[k - 2]; rate.missing.empty())
          value[k] = rate.share(is_first ? rate.first : rate.second, weight);
    };
  };
  const metrics::Statistic first = statistic(question.first, true), second = statistic(question.second, false);
  const auto differences =
      metrics::bootstrap_difference(question.truth.size(), question.clusters.of, scores.size(), first, second, options);
  std::vector<std::optional<double>> of_first(scores.size()), of_second(scores.size());
  first({}, of_first);
  second({}, of_second);
  for (std::size_t k = 0; k < scores.size(); ++k) {
    scores[k]->first = of_first[k];
    scores[k]->second = of_second[k];
    if (!differences[k]) continue;
    scores[k]->interval = differences[k]->interval;
    scores[k]->p_value = differences[k]->p_value;
  }
}

/// What stands first: the overall scores, the malignant ones, then class by class.
std::vector<ComparedScore> in_order(std::vector<ComparedScore> scores, const std::vector<std::string>& classes) {
  const auto place = [&](const ComparedScore& score) -> std::size_t {
    if (score.of.empty()) return 0;
    const auto found = std::find(classes.begin(), classes.end(), score.of);
    return found == classes.end() ? 1 : 2 + static_cast<std::size_t>(found - classes.begin());
  };
  std::stable_sort(scores.begin(), scores.end(), [&](const auto& a, const auto& b) { return place(a) < place(b); });
  return scores;
}

std::vector<ComparedScore> all_scores(const Comparison& comparison, const Question& question) {
  const std::string of_units = question.clustered() ? " of " + question.clusters.unit : "";
  const double level = comparison.bootstrap.level;
  std::vector<ComparedScore> overall{named("balanced accuracy", "", paired_bootstrap + of_units),
                                     named("macro AUC", "", paired_bootstrap + of_units)};
  const std::vector<Rate> rates = rates_of(comparison, question);
  std::vector<ComparedScore> shares;
  for (const Rate& rate : rates) shares.push_back(compared(rate, question.clusters.unit));
  std::vector<ComparedScore*> drawn{&overall[0], &overall[1]};
  for (std::size_t k = 0; k < rates.size(); ++k) {
    if (question.clustered())
      drawn.push_back(&shares[k]);
    else if (shares[k].missing.empty())
      add_mcnemar(rates[k], level, shares[k]);
  }
  bootstrap_scores(question, rates, comparison.bootstrap, drawn);
  if (!overall[1].first) overall[1].missing = "no class has both its own cases and others";
  std::vector<ComparedScore> scores = std::move(overall);
  for (const Area& area : areas_of(comparison, question)) scores.push_back(compared(area, question, level));
  scores.insert(scores.end(), std::make_move_iterator(shares.begin()), std::make_move_iterator(shares.end()));
  return in_order(std::move(scores), comparison.first.classes);
}

}  // namespace

std::vector<std::string> Comparison::methods() const {
  std::vector<std::string> lines;
  const auto used = [&](const std::string& method) {
    return std::any_of(scores.begin(), scores.end(),
                       [&](const ComparedScore& score) { return score.method.starts_with(method); });
  };
  const std::string resampled =
      fmt::format("{} resamples of {} {} (seed {})", grouped(static_cast<std::uint64_t>(bootstrap.resamples)),
                  grouped(units), unit, bootstrap.seed);
  if (used(delong)) lines.push_back("areas: DeLong, DeLong & Clarke-Pearson (1988), paired");
  if (used(obuchowski)) lines.push_back(fmt::format("areas: Obuchowski (1997), paired, by {}", unit));
  if (used(newcombe))
    lines.push_back(fmt::format(
        "areas with one of the {} on a side, or with all in order: Newcombe (2006, method 5), the intervals of "
        "both put together as of independent ones (Zou & Donner 2008), without a test",
        unit));
  if (used(mcnemar))
    lines.push_back(
        "accuracy, sensitivity, specificity: McNemar's mid-p test; intervals of Newcombe (1998, method 10)");
  const std::string drawn = used(mcnemar) ? "balanced accuracy, macro AUC"
                                          : "balanced accuracy, macro AUC, accuracy, sensitivity, specificity";
  lines.push_back(fmt::format("{}: paired bootstrap, {}", drawn, resampled));
  lines.push_back("p-values are not adjusted for the number of scores: choose beforehand the one that decides");
  return lines;
}

Comparison compare(Predictions first, Predictions second, const CompareOptions& options) {
  Comparison result;
  result.left_out = match_cases(first, second);
  result.first = std::move(first);
  result.second = std::move(second);
  result.bootstrap = options.bootstrap;
  std::vector<int> truth = result.first.truth();
  Side one = side_of(result.first, truth), other = side_of(result.second, truth);
  result.calls = metrics::confusion_matrix(one.called, other.called, result.first.classes.size());
  result.agreement = metrics::cohen_kappa(result.calls);
  const Question question{.truth = std::move(truth),
                          .first = std::move(one),
                          .second = std::move(other),
                          .clusters = cluster_cases(result.first.cases),
                          .malignant = are_malignant(result.first)};
  result.unit = question.clusters.unit;
  result.units = question.clusters.count;
  result.scores = all_scores(result, question);
  for (const Predictions* side : {&result.first, &result.second})
    for (const std::string& warning : side->warnings)
      if (const std::string line = side->source + ": " + warning;
          std::find(result.warnings.begin(), result.warnings.end(), line) == result.warnings.end())
        result.warnings.push_back(line);
  return result;
}

}  // namespace naevus::evaluate
