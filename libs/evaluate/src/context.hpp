#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "area.hpp"
#include "naevus/evaluate/clusters.hpp"
#include "naevus/evaluate/predictions.hpp"
#include "naevus/evaluate/scores.hpp"
#include "naevus/metrics/bootstrap.hpp"

namespace naevus::evaluate {

using Weights = std::span<const std::uint32_t>;
/// A score of the cases, each counted as often as its weight says; no weights: once.
using Score = std::function<std::optional<double>(Weights)>;

/// The cases as numbers, for all that scores them. Refers to the predictions.
struct Context {
  const Predictions& predictions;
  std::size_t cases = 0, classes = 0;
  std::vector<int> truth, called;
  std::vector<std::uint8_t> malignant;  ///< empty without malignant classes
  std::vector<double> share;            ///< of the malignant classes; likewise
  CaseClusters units;
  double level = 0.95;
  std::uint64_t seed = 1;

  bool has_both_kinds() const;  ///< malignant cases and others
};
Context context_of(const Predictions& predictions, const metrics::BootstrapOptions& options);

/// Scores that are drawn together.
class Resampled {
 public:
  Resampled(const Context& context, const metrics::BootstrapOptions& options) : context_(context), options_(options) {}
  /// @returns the place of the first of its scores
  std::size_t add(std::size_t scores, metrics::Statistic statistic);
  std::size_t add(Score score);
  /// After all are added: computes the values and draws.
  void run();

  std::optional<double> value(std::size_t place) const { return values_[place]; }
  Estimate estimate(std::size_t place) const;
  /// The interval turned around the value and cut to where the score can be: for a score that few cases bias.
  Estimate basic(std::size_t place, double low, double high) const;

 private:
  struct Item {
    std::size_t place, scores;
    metrics::Statistic statistic;
  };
  const Context& context_;
  metrics::BootstrapOptions options_;
  std::vector<Item> items_;
  std::size_t scores_ = 0;
  std::vector<std::optional<double>> values_;
  std::vector<std::optional<metrics::Interval>> intervals_;
};

/// Some of the cases, and which of them are hits: a proportion.
struct Share {
  std::vector<std::uint32_t> index;  ///< of the cases that count
  std::vector<std::uint8_t> hit;     ///< of each of those
  std::size_t place = 0;             ///< in the resamples; unused without clusters

  std::optional<double> of(Weights weight) const;
};
/// @param among  1 for the cases that count   @param hit  1 for hits among them; both of shape [cases]
/// Takes part in the resamples only where cases come in clusters.
Share add_share(const Context& context, Resampled& resampled, std::span<const std::uint8_t> among,
                std::span<const std::uint8_t> hit);
/// Wilson's interval; where cases come in clusters, the bootstrap's.
Estimate estimate(const Context& context, const Resampled& resampled, const Share& share);

/// 1 for 0, and 0 for all else.
std::vector<std::uint8_t> inverted(std::vector<std::uint8_t> values);
/// The mean of a number that each case has; shape [cases].
Score mean_of(std::vector<double> values);

/// Registers its scores, and returns what fills them into the evaluation once they are drawn.
using Fill = std::function<void(const Resampled&, Evaluation&)>;
Fill plan_overall(const Context& context, Resampled& resampled);
Fill plan_isic(const Context& context, Resampled& resampled);
Fill plan_classes(const Context& context, Resampled& resampled);
Fill plan_malignancy(const Context& context, Resampled& resampled);
Fill plan_decisions(const Context& context, Resampled& resampled);
Fill plan_reliability(const Context& context, Resampled& resampled);
Fill plan_sets(const Context& context, Resampled& resampled);
Fill plan_refusal(const Context& context, Resampled& resampled);
Fill plan_subgroups(const Context& context, Resampled& resampled);

}  // namespace naevus::evaluate
