#include "naevus/metrics/conformal.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "check.hpp"

namespace naevus::metrics {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Each class's score in one case.
std::vector<double> scores_of(std::span<const double> row, SetScore kind) {
  std::vector<double> score(row.size());
  if (kind == SetScore::least_ambiguous) {
    std::transform(row.begin(), row.end(), score.begin(), [](double p) { return 1 - p; });
    return score;
  }
  std::vector<std::size_t> order(row.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return row[a] > row[b]; });
  double sum = 0;
  for (const std::size_t c : order) score[c] = sum += row[c];
  return score;
}

double limit_of(std::vector<double> scores, double alpha) {
  // (n + 1)(1 - alpha) may be a whole number that rounding puts just above: then it is not the next one.
  const double rank = std::ceil(static_cast<double>(scores.size() + 1) * (1 - alpha) - 1e-9);
  if (rank > static_cast<double>(scores.size())) return infinity;
  const auto place = scores.begin() + static_cast<std::ptrdiff_t>(std::max(rank, 1.0)) - 1;
  std::nth_element(scores.begin(), place, scores.end());
  return *place;
}

}  // namespace

ConformalLimits fit_conformal(std::span<const double> probabilities, std::span<const int> truth, std::size_t classes,
                              const ConformalOptions& options) {
  check::probabilities(probabilities, truth, classes);
  check::open_share(options.alpha, "alpha");
  std::vector<std::vector<double>> scores(options.by_class ? classes : 1);
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const auto own = static_cast<std::size_t>(truth[i]);
    scores[options.by_class ? own : 0].push_back(
        scores_of(probabilities.subspan(i * classes, classes), options.score)[own]);
  }
  ConformalLimits limits{options.score, {}};
  for (std::vector<double>& list : scores) limits.limit.push_back(limit_of(std::move(list), options.alpha));
  if (!options.by_class) limits.limit.assign(classes, limits.limit.front());
  return limits;
}

std::vector<std::uint8_t> prediction_sets(std::span<const double> probabilities, const ConformalLimits& limits) {
  const std::size_t classes = limits.limit.size();
  check::rows(probabilities, classes, "probabilities");
  check::shares(probabilities, "probability");
  std::vector<std::uint8_t> sets;
  sets.reserve(probabilities.size());
  for (std::size_t begin = 0; begin < probabilities.size(); begin += classes) {
    const std::vector<double> score = scores_of(probabilities.subspan(begin, classes), limits.score);
    for (std::size_t c = 0; c < classes; ++c) sets.push_back(score[c] <= limits.limit[c] ? 1 : 0);
  }
  return sets;
}

SetScores score_sets(std::span<const std::uint8_t> sets, std::span<const int> truth, std::size_t classes) {
  check::same_length(sets.size(), truth.size() * classes, "sets and truths");
  check::indices(truth, classes);
  SetScores scores{.cases = truth.size(),
                   .class_cases = std::vector<std::uint64_t>(classes),
                   .class_covered = std::vector<std::uint64_t>(classes)};
  std::uint64_t members = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const auto row = sets.subspan(i * classes, classes);
    const auto own = static_cast<std::size_t>(truth[i]);
    const auto size =
        static_cast<std::uint64_t>(std::count_if(row.begin(), row.end(), [](auto in) { return in != 0; }));
    members += size;
    if (size == 0) ++scores.empty;
    if (size == 1) ++scores.single;
    ++scores.class_cases[own];
    if (row[own] == 0) continue;
    ++scores.covered;
    ++scores.class_covered[own];
  }
  if (!truth.empty()) scores.mean_size = static_cast<double>(members) / static_cast<double>(truth.size());
  return scores;
}

}  // namespace naevus::metrics
