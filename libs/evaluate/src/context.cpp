#include "context.hpp"

#include <algorithm>

#include "naevus/metrics/confusion.hpp"
#include "naevus/metrics/proportion.hpp"

namespace naevus::evaluate {

bool Context::has_both_kinds() const {
  const auto positives = static_cast<std::size_t>(std::count(malignant.begin(), malignant.end(), 1));
  return positives > 0 && positives < malignant.size();
}

Context context_of(const Predictions& predictions, const metrics::BootstrapOptions& options) {
  const std::size_t classes = predictions.classes.size();
  Context context{.predictions = predictions,
                  .cases = predictions.cases.size(),
                  .classes = classes,
                  .truth = predictions.truth(),
                  .called = metrics::most_likely(predictions.probabilities, classes),
                  .malignant = {},
                  .share = {},
                  .units = cluster_cases(predictions.cases),
                  .level = options.level,
                  .seed = options.seed};
  if (predictions.malignant.empty()) return context;
  const std::vector<int> indices = predictions.malignant_indices();
  for (const int truth : context.truth)
    context.malignant.push_back(std::find(indices.begin(), indices.end(), truth) != indices.end() ? 1 : 0);
  context.share = predictions.malignant_probability();
  return context;
}

std::size_t Resampled::add(std::size_t scores, metrics::Statistic statistic) {
  const std::size_t place = scores_;
  items_.push_back({place, scores, std::move(statistic)});
  scores_ += scores;
  return place;
}

std::size_t Resampled::add(Score score) {
  return add(1, [score = std::move(score)](Weights weight, std::span<std::optional<double>> value) {
    value[0] = score(weight);
  });
}

void Resampled::run() {
  const metrics::Statistic all = [&](Weights weight, std::span<std::optional<double>> value) {
    for (const Item& item : items_) item.statistic(weight, value.subspan(item.place, item.scores));
  };
  values_.resize(scores_);
  all({}, values_);
  intervals_ = metrics::bootstrap(context_.cases, context_.units.of, scores_, all, options_);
}

Estimate Resampled::estimate(std::size_t place) const {
  const auto& interval = intervals_[place];
  // Where all resamples say the same (a sensitivity of 0), they say nothing of how sure it is.
  if (!interval || interval->low == interval->high) return {values_[place], std::nullopt, Method::none};
  return {values_[place], interval, Method::bootstrap};
}

Estimate Resampled::basic(std::size_t place, double low, double high) const {
  Estimate result = estimate(place);
  if (!result.value || !result.interval) return result;
  const double twice = 2 * *result.value;
  result.interval = metrics::Interval{std::clamp(twice - result.interval->high, low, high),
                                      std::clamp(twice - result.interval->low, low, high)};
  result.method = Method::basic_bootstrap;
  return result;
}

std::optional<double> Share::of(Weights weight) const {
  std::uint64_t hits = 0, cases = 0;
  for (std::size_t i = 0; i < index.size(); ++i) {
    const std::uint64_t times = weight.empty() ? 1 : weight[index[i]];
    cases += times;
    hits += hit[i] != 0 ? times : 0;
  }
  if (cases == 0) return std::nullopt;
  return static_cast<double>(hits) / static_cast<double>(cases);
}

Share add_share(const Context& context, Resampled& resampled, std::span<const std::uint8_t> among,
                std::span<const std::uint8_t> hit) {
  Share share;
  for (std::size_t i = 0; i < among.size(); ++i) {
    if (among[i] == 0) continue;
    share.index.push_back(static_cast<std::uint32_t>(i));
    share.hit.push_back(hit[i]);
  }
  if (context.units.clustered())
    share.place = resampled.add([copy = share](Weights weight) { return copy.of(weight); });
  return share;
}

Estimate estimate(const Context& context, const Resampled& resampled, const Share& share) {
  if (context.units.clustered()) return resampled.estimate(share.place);
  const auto hits = static_cast<std::uint64_t>(std::count(share.hit.begin(), share.hit.end(), 1));
  const auto interval = metrics::wilson_interval(hits, share.index.size(), context.level);
  return {share.of({}), interval, interval ? Method::wilson : Method::none};
}

std::vector<std::uint8_t> inverted(std::vector<std::uint8_t> values) {
  for (std::uint8_t& value : values) value = value == 0 ? 1 : 0;
  return values;
}

Score mean_of(std::vector<double> values) {
  return [values = std::move(values)](Weights weight) -> std::optional<double> {
    double sum = 0, count = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double times = weight.empty() ? 1 : weight[i];
      sum += times * values[i];
      count += times;
    }
    return count > 0 ? std::optional(sum / count) : std::nullopt;
  };
}

}  // namespace naevus::evaluate
