#include "naevus/metrics/ranked_scores.hpp"

#include <limits>

#include "check.hpp"
#include "naevus/base/error.hpp"
#include "order.hpp"

namespace naevus::metrics {

RankedScores::RankedScores(std::span<const double> score, std::span<const std::uint8_t> positive) {
  check::same_length(score.size(), positive.size(), "scores and classes");
  const std::vector<std::uint32_t> order = by_falling_score(score);
  index_.reserve(order.size());
  std::vector<std::uint32_t> positives;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (positive[order[i]] != 0)
      positives.push_back(order[i]);
    else
      index_.push_back(order[i]);
    if (i + 1 < order.size() && score[order[i]] == score[order[i + 1]]) continue;

    const auto begin = ties_.empty() ? 0 : ties_.back().end, first_positive = static_cast<std::uint32_t>(index_.size());
    index_.insert(index_.end(), positives.begin(), positives.end());
    const Run run{first_positive, static_cast<std::uint32_t>(index_.size())};
    positives.clear();
    ties_.push_back(run);
    threshold_.push_back(score[order[i]]);

    const bool only_positives = run.positives == begin, only_negatives = run.positives == run.end;
    const auto before = steps_.size() < 2 ? 0 : steps_[steps_.size() - 2].end;
    if (!steps_.empty() && only_positives && steps_.back().positives == before)
      steps_.back().end = run.end;
    else if (!steps_.empty() && only_negatives && steps_.back().positives == steps_.back().end)
      steps_.back() = run;
    else
      steps_.push_back(run);
  }
}

std::uint64_t RankedScores::times(std::span<const std::uint32_t> weight, std::uint32_t begin, std::uint32_t end) const {
  if (weight.empty()) return end - begin;
  std::uint64_t sum = 0;
  for (std::uint32_t i = begin; i < end; ++i) sum += weight[index_[i]];
  return sum;
}

std::optional<double> RankedScores::auc(std::span<const std::uint32_t> weight) const {
  if (!weight.empty()) check::same_length(index_.size(), weight.size(), "scores and weights");
  // Pairs, doubled so that a tie counts one: a run's negatives against the positives above it and in it.
  std::uint64_t above = 0, all_negatives = 0, doubled = 0;
  std::uint32_t begin = 0;
  for (const Run& run : steps_) {
    const std::uint64_t negatives = times(weight, begin, run.positives);
    const std::uint64_t positives = times(weight, run.positives, run.end);
    doubled += negatives * (2 * above + positives);
    above += positives;
    all_negatives += negatives;
    begin = run.end;
  }
  if (above == 0 || all_negatives == 0) return std::nullopt;
  return static_cast<double>(doubled) / (2 * static_cast<double>(above) * static_cast<double>(all_negatives));
}

std::vector<RankedScores::Called> RankedScores::called(std::span<const std::uint32_t> weight) const {
  if (!weight.empty()) check::same_length(index_.size(), weight.size(), "scores and weights");
  std::vector<Called> list;
  Called sum;
  std::uint32_t begin = 0;
  for (std::size_t i = 0; i < ties_.size(); ++i) {
    const std::uint64_t before = sum.positives + sum.negatives;
    sum.negatives += times(weight, begin, ties_[i].positives);
    sum.positives += times(weight, ties_[i].positives, ties_[i].end);
    sum.threshold = threshold_[i];
    if (sum.positives + sum.negatives > before) list.push_back(sum);
    begin = ties_[i].end;
  }
  return list;
}

std::optional<double> RankedScores::average_precision(std::span<const std::uint32_t> weight) const {
  const std::vector<Called> list = called(weight);
  if (list.empty() || list.back().positives == 0) return std::nullopt;
  double sum = 0;
  std::uint64_t before = 0;
  for (const Called& at : list) {
    sum += static_cast<double>(at.positives - before) * static_cast<double>(at.positives) /
           static_cast<double>(at.positives + at.negatives);
    before = at.positives;
  }
  return sum / static_cast<double>(before);
}

std::optional<RocCurve> RankedScores::curve(std::span<const std::uint32_t> weight) const {
  const std::vector<Called> list = called(weight);
  if (list.empty() || list.back().positives == 0 || list.back().negatives == 0) return std::nullopt;
  const auto positives = static_cast<double>(list.back().positives);
  const auto negatives = static_cast<double>(list.back().negatives);
  RocCurve curve{{0}, {0}, {std::numeric_limits<double>::infinity()}};
  for (const Called& at : list) {
    curve.false_positive_rate.push_back(static_cast<double>(at.negatives) / negatives);
    curve.true_positive_rate.push_back(static_cast<double>(at.positives) / positives);
    curve.threshold.push_back(at.threshold);
  }
  return curve;
}

}  // namespace naevus::metrics
