#include <memory>

#include "context.hpp"
#include "naevus/metrics/roc.hpp"

namespace naevus::evaluate {
namespace {

metrics::ConformalLimits limits_of(const model::PredictionSets& sets) {
  return {sets.score == "adaptive" ? metrics::SetScore::adaptive : metrics::SetScore::least_ambiguous, sets.limit};
}

}  // namespace

Fill plan_sets(const Context& context, Resampled& resampled) {
  const auto& fitted = context.predictions.prediction_sets;
  if (!fitted) return [](const Resampled&, Evaluation&) {};
  const auto sets = metrics::prediction_sets(context.predictions.probabilities, limits_of(*fitted));
  std::vector<std::uint8_t> covered, single, empty;
  std::vector<std::uint8_t> size;
  for (std::size_t i = 0; i < context.cases; ++i) {
    const auto row = std::span(sets).subspan(i * context.classes, context.classes);
    std::uint8_t members = 0;
    for (const std::uint8_t member : row) members = static_cast<std::uint8_t>(members + member);
    covered.push_back(row[static_cast<std::size_t>(context.truth[i])]);
    single.push_back(members == 1 ? 1 : 0);
    empty.push_back(members == 0 ? 1 : 0);
    size.push_back(members);
  }
  const std::vector<std::uint8_t> all(context.cases, 1);
  const Share coverage = add_share(context, resampled, all, covered);
  const Share one = add_share(context, resampled, all, single), none = add_share(context, resampled, all, empty);
  std::vector<Share> of_class;
  for (std::size_t c = 0; c < context.classes; ++c)
    of_class.push_back(add_share(context, resampled, metrics::is_class(context.truth, static_cast<int>(c)), covered));
  const std::size_t mean = resampled.add(mean_of({size.begin(), size.end()}));
  return [=, &context](const Resampled& drawn, Evaluation& result) {
    SetCoverage& found = result.sets.emplace();
    found.promised = context.predictions.prediction_sets->coverage;
    found.by_class = context.predictions.prediction_sets->by_class;
    found.scores = metrics::score_sets(sets, context.truth, context.classes);
    found.coverage = estimate(context, drawn, coverage);
    found.single = estimate(context, drawn, one);
    found.empty = estimate(context, drawn, none);
    found.mean_size = drawn.estimate(mean);
    for (const Share& share : of_class) found.class_coverage.push_back(estimate(context, drawn, share));
  };
}

}  // namespace naevus::evaluate
