#include "naevus/metrics/auc_inference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "check.hpp"
#include "clusters.hpp"
#include "distributions.hpp"
#include "naevus/base/error.hpp"
#include "order.hpp"

namespace naevus::metrics {
namespace {

std::size_t count_positives(std::span<const std::uint8_t> positive) {
  return static_cast<std::size_t>(
      std::count_if(positive.begin(), positive.end(), [](auto value) { return value != 0; }));
}

/// DeLong's structural components: of a positive case the share of the negatives that it stands above, of a negative
/// one the share of the positives that stand above it; ties count a half. Both classes have cases.
std::vector<double> placements(std::span<const double> score, std::span<const std::uint8_t> positive) {
  const std::vector<std::uint32_t> order = by_falling_score(score);
  const std::size_t positives = count_positives(positive), negatives = score.size() - positives;
  std::vector<double> placement(score.size());
  std::size_t positives_above = 0, negatives_above = 0;
  for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    std::size_t tied_positives = 0;
    for (; end < order.size() && score[order[end]] == score[order[begin]]; ++end)
      if (positive[order[end]] != 0) ++tied_positives;
    const std::size_t tied_negatives = end - begin - tied_positives;
    // Doubled, so that a half stays a whole number.
    const std::size_t below = 2 * (negatives - negatives_above) - tied_negatives;
    const std::size_t above = 2 * positives_above + tied_positives;
    for (std::size_t i = begin; i < end; ++i)
      placement[order[i]] = positive[order[i]] != 0 ? static_cast<double>(below) / static_cast<double>(2 * negatives)
                                                    : static_cast<double>(above) / static_cast<double>(2 * positives);
    positives_above += tied_positives;
    negatives_above += tied_negatives;
  }
  return placement;
}

/// Mean of the positives' placements (the area, or a difference of two) and its variance (Obuchowski 1997, eq. 2-4).
std::optional<AucEstimate> clustered_mean(std::span<const double> placement, std::span<const std::uint8_t> positive,
                                          const Clusters& clusters) {
  struct Sums {
    double positives = 0, negatives = 0, of_positives = 0, of_negatives = 0;
  };
  std::vector<Sums> sums(clusters.count);
  double mean = 0, positives = 0, negatives = 0;
  for (std::size_t i = 0; i < placement.size(); ++i) {
    Sums& cluster = sums[clusters.of[i]];
    (positive[i] != 0 ? cluster.positives : cluster.negatives) += 1;
    (positive[i] != 0 ? cluster.of_positives : cluster.of_negatives) += placement[i];
    (positive[i] != 0 ? positives : negatives) += 1;
    if (positive[i] != 0) mean += placement[i];
  }
  mean /= positives;

  double with_positives = 0, with_negatives = 0, spread_positives = 0, spread_negatives = 0, shared = 0;
  for (const Sums& cluster : sums) {
    const double of_positives = cluster.of_positives - cluster.positives * mean;
    const double of_negatives = cluster.of_negatives - cluster.negatives * mean;
    if (cluster.positives > 0) ++with_positives;
    if (cluster.negatives > 0) ++with_negatives;
    spread_positives += of_positives * of_positives;
    spread_negatives += of_negatives * of_negatives;
    shared += of_positives * of_negatives;
  }
  if (with_positives < 2 || with_negatives < 2) return std::nullopt;
  const auto all = static_cast<double>(clusters.count);
  const double variance = with_positives / (with_positives - 1) * spread_positives / (positives * positives) +
                          with_negatives / (with_negatives - 1) * spread_negatives / (negatives * negatives) +
                          2 * all / (all - 1) * shared / (positives * negatives);
  return AucEstimate{mean, std::max(variance, 0.0)};
}

bool has_both(std::span<const std::uint8_t> positive) {
  const std::size_t positives = count_positives(positive);
  return positives > 0 && positives < positive.size();
}

}  // namespace

std::optional<AucEstimate> estimate_auc(std::span<const double> score, std::span<const std::uint8_t> positive,
                                        std::span<const std::uint32_t> cluster) {
  check::same_length(score.size(), positive.size(), "scores and classes");
  check::finite(score, "score");
  const Clusters clusters = numbered_clusters(score.size(), cluster);
  if (!has_both(positive)) return std::nullopt;
  return clustered_mean(placements(score, positive), positive, clusters);
}

Interval auc_interval(const AucEstimate& estimate, double level) {
  const double half = two_sided_z(level) * std::sqrt(estimate.variance);
  return {std::max(0.0, estimate.auc - half), std::min(1.0, estimate.auc + half)};
}

std::optional<Interval> auc_logit_interval(const AucEstimate& estimate, double level) {
  const double z = two_sided_z(level), auc = estimate.auc;
  if (auc <= 0 || auc >= 1) return std::nullopt;
  const double middle = std::log(auc / (1 - auc)), half = z * std::sqrt(estimate.variance) / (auc * (1 - auc));
  const auto back = [](double logit) { return 1 / (1 + std::exp(-logit)); };
  return Interval{back(middle - half), back(middle + half)};
}

Interval newcombe_auc_interval(double auc, std::uint64_t positives, std::uint64_t negatives, double level) {
  const double z = two_sided_z(level);
  if (!(auc >= 0 && auc <= 1)) throw InputError(fmt::format("the area {} does not lie in [0, 1]", auc));
  if (positives == 0 || negatives == 0) throw InputError("an area needs positive and negative cases");
  const auto m = static_cast<double>(positives), n = static_cast<double>(negatives), others = (m + n) / 2 - 1;
  // Below 0 while the area lies within z standard errors of theta.
  const auto outside = [&](double theta) {
    const double variance =
        theta * (1 - theta) * (1 + others * ((1 - theta) / (2 - theta) + theta / (1 + theta))) / (m * n);
    return std::abs(theta - auc) - z * std::sqrt(variance);
  };
  // At 0 and 1 the variance is 0, and that end is the area itself.
  const auto end = [&](double inside, double limit) {
    double near = inside, far = limit;
    for (int halving = 0; halving < 100; ++halving) {
      const double middle = std::midpoint(near, far);
      (outside(middle) < 0 ? near : far) = middle;
    }
    return std::midpoint(near, far);
  };
  return {auc == 0 ? 0 : end(auc, 0), auc == 1 ? 1 : end(auc, 1)};
}

Interval newcombe_auc_difference(double first, double second, std::uint64_t positives, std::uint64_t negatives,
                                 double level) {
  const Interval one = newcombe_auc_interval(first, positives, negatives, level);
  const Interval other = newcombe_auc_interval(second, positives, negatives, level);
  const double difference = first - second;
  return {difference - std::hypot(first - one.low, other.high - second),
          difference + std::hypot(one.high - first, second - other.low)};
}

std::optional<AucComparison> compare_auc(std::span<const double> first, std::span<const double> second,
                                         std::span<const std::uint8_t> positive, std::span<const std::uint32_t> cluster,
                                         double level) {
  const double z = two_sided_z(level);
  const auto one = estimate_auc(first, positive, cluster), other = estimate_auc(second, positive, cluster);
  if (!one || !other) return std::nullopt;
  // The estimator is a quadratic form of the placements, so the variance of the difference, with the covariance in it,
  // is that of the placements' differences.
  std::vector<double> placement = placements(first, positive);
  const std::vector<double> less = placements(second, positive);
  for (std::size_t i = 0; i < placement.size(); ++i) placement[i] -= less[i];
  const auto ahead = clustered_mean(placement, positive, numbered_clusters(first.size(), cluster));
  if (!ahead) return std::nullopt;
  AucComparison result{one->auc, other->auc, ahead->auc, ahead->variance, {}, 0, 1};
  const double error = std::sqrt(result.variance);
  result.interval = {result.difference - z * error, result.difference + z * error};
  if (result.difference == 0) return result;
  if (error == 0) return std::nullopt;
  result.z = result.difference / error;
  result.p_value = two_sided_p(result.z);
  return result;
}

}  // namespace naevus::metrics
