#include "naevus/metrics/isic.hpp"

#include <algorithm>
#include <cstdint>

#include "check.hpp"
#include "naevus/base/error.hpp"
#include "naevus/metrics/partial_auc.hpp"
#include "naevus/metrics/ranked_scores.hpp"
#include "naevus/metrics/roc.hpp"

namespace naevus::metrics {
namespace {

double ratio_or_one(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 1 : static_cast<double>(part) / static_cast<double>(whole);
}

IsicClass class_of(std::span<const double> probability, std::span<const std::uint8_t> positive) {
  std::uint64_t hits = 0, misses = 0, alarms = 0, passes = 0;
  for (std::size_t i = 0; i < probability.size(); ++i) {
    const bool called = probability[i] > 0.5;
    if (positive[i] != 0)
      ++(called ? hits : misses);
    else
      ++(called ? alarms : passes);
  }
  const RankedScores ranked(probability, positive);
  IsicClass result{.accuracy = ratio_or_one(hits + passes, probability.size()),
                   .sensitivity = ratio_or_one(hits, hits + misses),
                   .specificity = ratio_or_one(passes, passes + alarms),
                   .dice = ratio_or_one(2 * hits, 2 * hits + alarms + misses),
                   .ppv = ratio_or_one(hits, hits + alarms),
                   .npv = ratio_or_one(passes, passes + misses),
                   .auc = ranked.auc(),
                   .auc_above_80 = {},
                   .average_precision = ranked.average_precision()};
  if (const auto curve = ranked.curve()) result.auc_above_80 = auc_above_sensitivity(*curve, 0.8);
  return result;
}

std::optional<double> mean_recall(std::span<const double> probabilities, std::span<const int> truth,
                                  std::size_t classes) {
  std::vector<std::uint64_t> right(classes), support(classes);
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const auto row = probabilities.subspan(i * classes, classes);
    const auto own = static_cast<std::size_t>(truth[i]);
    ++support[own];
    const double highest = *std::max_element(row.begin(), row.end());
    if (row[own] == highest && std::count(row.begin(), row.end(), highest) == 1) ++right[own];
  }
  std::vector<std::optional<double>> recall(classes);
  for (std::size_t c = 0; c < classes; ++c)
    if (support[c] > 0) recall[c] = static_cast<double>(right[c]) / static_cast<double>(support[c]);
  return mean_of_present(recall);
}

template <typename Member>
auto mean(const std::vector<IsicClass>& classes, Member member) {
  std::vector<std::optional<double>> values;
  values.reserve(classes.size());
  for (const IsicClass& item : classes) values.emplace_back(item.*member);
  return mean_of_present(values);
}

}  // namespace

IsicScores isic_scores(std::span<const double> probabilities, std::span<const int> truth, std::size_t classes) {
  check::probabilities(probabilities, truth, classes);
  if (truth.empty()) throw InputError("there are no cases to score");
  IsicScores result;
  for (std::size_t c = 0; c < classes; ++c)
    result.classes.push_back(class_of(column(probabilities, classes, c), is_class(truth, static_cast<int>(c))));
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
  result.balanced_accuracy = mean_recall(probabilities, truth, classes);
  return result;
}

}  // namespace naevus::metrics
