#include "naevus/metrics/isic.hpp"

#include <algorithm>
#include <cstdint>

#include "check.hpp"
#include "naevus/base/error.hpp"
#include "naevus/metrics/partial_auc.hpp"
#include "naevus/metrics/roc.hpp"

namespace naevus::metrics {
namespace {

double ratio_or_one(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 1 : static_cast<double>(part) / static_cast<double>(whole);
}

template <typename Member>
auto mean(const std::vector<IsicClass>& classes, Member member) {
  std::vector<std::optional<double>> values;
  values.reserve(classes.size());
  for (const IsicClass& item : classes) values.emplace_back(item.*member);
  return mean_of_present(values);
}

}  // namespace

IsicTable::IsicTable(std::span<const double> probabilities, std::span<const int> truth, std::size_t classes) {
  check::probabilities(probabilities, truth, classes);
  if (truth.empty()) throw InputError("there are no cases to score");
  for (std::size_t c = 0; c < classes; ++c) {
    const std::vector<double> probability = column(probabilities, classes, c);
    std::vector<std::uint8_t> positive = is_class(truth, static_cast<int>(c)), called;
    for (const double value : probability) called.push_back(value > 0.5 ? 1 : 0);
    RankedScores ranked(probability, positive);
    classes_.push_back({std::move(called), std::move(positive), std::move(ranked)});
  }
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const auto row = probabilities.subspan(i * classes, classes);
    const double highest = *std::max_element(row.begin(), row.end());
    truth_.push_back(static_cast<std::uint32_t>(truth[i]));
    decided_right_.push_back(row[truth_[i]] == highest && std::count(row.begin(), row.end(), highest) == 1 ? 1 : 0);
  }
}

IsicClass IsicTable::class_of(const Prepared& prepared, std::span<const std::uint32_t> weight) const {
  std::uint64_t hits = 0, misses = 0, alarms = 0, passes = 0;
  for (std::size_t i = 0; i < truth_.size(); ++i) {
    const std::uint64_t times = weight.empty() ? 1 : weight[i];
    if (prepared.positive[i] != 0)
      (prepared.called[i] != 0 ? hits : misses) += times;
    else
      (prepared.called[i] != 0 ? alarms : passes) += times;
  }
  IsicClass result{.accuracy = ratio_or_one(hits + passes, hits + misses + alarms + passes),
                   .sensitivity = ratio_or_one(hits, hits + misses),
                   .specificity = ratio_or_one(passes, passes + alarms),
                   .dice = ratio_or_one(2 * hits, 2 * hits + alarms + misses),
                   .ppv = ratio_or_one(hits, hits + alarms),
                   .npv = ratio_or_one(passes, passes + misses),
                   .auc = prepared.ranked.auc(weight),
                   .auc_above_80 = {},
                   .average_precision = prepared.ranked.average_precision(weight)};
  if (const auto curve = prepared.ranked.curve(weight)) result.auc_above_80 = auc_above_sensitivity(*curve, 0.8);
  return result;
}

std::optional<double> IsicTable::mean_recall(std::span<const std::uint32_t> weight) const {
  std::vector<std::uint64_t> right(classes_.size()), support(classes_.size());
  for (std::size_t i = 0; i < truth_.size(); ++i) {
    const std::uint64_t times = weight.empty() ? 1 : weight[i];
    support[truth_[i]] += times;
    right[truth_[i]] += decided_right_[i] != 0 ? times : 0;
  }
  std::vector<std::optional<double>> recall(classes_.size());
  for (std::size_t c = 0; c < recall.size(); ++c)
    if (support[c] > 0) recall[c] = static_cast<double>(right[c]) / static_cast<double>(support[c]);
  return mean_of_present(recall);
}

IsicScores IsicTable::scores(std::span<const std::uint32_t> weight) const {
  if (!weight.empty()) check::same_length(truth_.size(), weight.size(), "cases and weights");
  IsicScores result;
  for (const Prepared& prepared : classes_) result.classes.push_back(class_of(prepared, weight));
  const auto of = [&](auto member) { return mean(result.classes, member); };
  result.mean = {.accuracy = of(&IsicClass::accuracy).value_or(0),
                 .sensitivity = of(&IsicClass::sensitivity).value_or(0),
                 .specificity = of(&IsicClass::specificity).value_or(0),
                 .dice = of(&IsicClass::dice).value_or(0),
                 .ppv = of(&IsicClass::ppv).value_or(0),
                 .npv = of(&IsicClass::npv).value_or(0),
                 .auc = of(&IsicClass::auc),
                 .auc_above_80 = of(&IsicClass::auc_above_80),
                 .average_precision = of(&IsicClass::average_precision)};
  result.balanced_accuracy = mean_recall(weight);
  return result;
}

IsicScores isic_scores(std::span<const double> probabilities, std::span<const int> truth, std::size_t classes) {
  return IsicTable(probabilities, truth, classes).scores();
}

}  // namespace naevus::metrics
