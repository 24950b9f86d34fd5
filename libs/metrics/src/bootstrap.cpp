#include "naevus/metrics/bootstrap.hpp"

#include <algorithm>
#include <cmath>

#include "check.hpp"
#include "clusters.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/parallel.hpp"
#include "naevus/base/random.hpp"

namespace naevus::metrics {
namespace {

using Values = std::vector<std::optional<double>>;

/// Random::below(n) of a fixed n: the same numbers, with one multiplication in place of two divisions.
class Below {
 public:
  explicit Below(std::uint64_t n) : n_(n), lowest_((0 - n) % n), inverse_(~std::uint64_t{0} / n) {}

  std::uint64_t operator()(Random& random) const {
    std::uint64_t value = random.next();
    while (value < lowest_) value = random.next();
    // The quotient from the rounded-down inverse is at most 1 too small.
    __extension__ using Wide = unsigned __int128;
    const auto quotient = static_cast<std::uint64_t>((static_cast<Wide>(value) * inverse_) >> 64);
    const std::uint64_t rest = value - quotient * n_;
    return rest < n_ ? rest : rest - n_;
  }

 private:
  std::uint64_t n_, lowest_, inverse_;
};

/// The scores of every resample, one after the other; shape [resamples, scores].
Values resampled(const Clusters& clusters, std::size_t scores, const Statistic& statistic,
                 const BootstrapOptions& options) {
  const auto resamples = static_cast<std::size_t>(options.resamples);
  Values values(resamples * scores);
  const Below below(clusters.count);
  WorkerPool pool(options.threads);
  // A few resamples an item, so that the weights' memory is taken seldom.
  constexpr std::size_t at_once = 16;
  pool.for_each((resamples + at_once - 1) / at_once, [&](std::size_t item) {
    std::vector<std::uint32_t> drawn(clusters.count), weight(clusters.of.size());
    for (std::size_t i = item * at_once; i < std::min(resamples, (item + 1) * at_once); ++i) {
      Random random(options.seed, {i});
      std::fill(drawn.begin(), drawn.end(), 0U);
      for (std::size_t k = 0; k < clusters.count; ++k) ++drawn[below(random)];
      for (std::size_t k = 0; k < weight.size(); ++k) weight[k] = drawn[clusters.of[k]];
      statistic(weight, std::span(values).subspan(i * scores, scores));
    }
  });
  return values;
}

/// The values that exist of one score, ascending; none if they are fewer than half.
std::vector<double> sorted_values(const Values& values, std::size_t scores, std::size_t score) {
  std::vector<double> list;
  for (std::size_t i = score; i < values.size(); i += scores)
    if (const std::optional<double>& value = values[i]) list.push_back(*value);
  if (2 * list.size() * scores < values.size()) return {};
  std::sort(list.begin(), list.end());
  return list;
}

Interval percentile_interval(std::span<const double> sorted, double level) {
  const double tail = (1 - level) / 2;
  return {quantile(sorted, tail), quantile(sorted, 1 - tail)};
}

void check_options(const BootstrapOptions& options) {
  if (options.resamples < 1) throw InputError("there must be at least one resample");
  check::open_share(options.level, "the level");
}

}  // namespace

double quantile(std::span<const double> sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return std::lerp(sorted[below], sorted[above], place - static_cast<double>(below));
}

std::vector<std::optional<Interval>> bootstrap(std::size_t cases, std::span<const std::uint32_t> cluster,
                                               std::size_t scores, const Statistic& statistic,
                                               const BootstrapOptions& options) {
  check_options(options);
  const Clusters clusters = numbered_clusters(cases, cluster);
  std::vector<std::optional<Interval>> intervals(scores);
  if (cases == 0) return intervals;
  const Values values = resampled(clusters, scores, statistic, options);
  for (std::size_t i = 0; i < scores; ++i)
    if (const std::vector<double> sorted = sorted_values(values, scores, i); !sorted.empty())
      intervals[i] = percentile_interval(sorted, options.level);
  return intervals;
}

std::vector<std::optional<BootstrapDifference>> bootstrap_difference(std::size_t cases,
                                                                     std::span<const std::uint32_t> cluster,
                                                                     std::size_t scores, const Statistic& first,
                                                                     const Statistic& second,
                                                                     const BootstrapOptions& options) {
  check_options(options);
  const Clusters clusters = numbered_clusters(cases, cluster);
  std::vector<std::optional<BootstrapDifference>> differences(scores);
  if (cases == 0) return differences;
  const Statistic ahead = [&](std::span<const std::uint32_t> weight, std::span<std::optional<double>> value) {
    Values other(scores);
    first(weight, value);
    second(weight, other);
    for (std::size_t i = 0; i < scores; ++i)
      value[i] = value[i] && other[i] ? std::optional(*value[i] - *other[i]) : std::nullopt;
  };
  const Values values = resampled(clusters, scores, ahead, options);
  for (std::size_t i = 0; i < scores; ++i) {
    const std::vector<double> sorted = sorted_values(values, scores, i);
    if (sorted.empty()) continue;
    const auto [first_zero, past_zero] = std::equal_range(sorted.begin(), sorted.end(), 0.0);
    const auto fewer = std::min(past_zero - sorted.begin(), sorted.end() - first_zero);
    differences[i] = {percentile_interval(sorted, options.level),
                      std::min(1.0, 2 * static_cast<double>(fewer + 1) / static_cast<double>(sorted.size() + 1))};
  }
  return differences;
}

}  // namespace naevus::metrics
