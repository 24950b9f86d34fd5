#include "naevus/metrics/confusion.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "check.hpp"
#include "naevus/base/error.hpp"

namespace naevus::metrics {
namespace {

double ratio(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

template <typename Weight>
Averages average(const std::vector<ClassScores>& scores, const Weight& weight) {
  Averages mean;
  double sum = 0;
  for (const ClassScores& score : scores) {
    const double w = weight(score);
    mean.precision += w * score.precision;
    mean.recall += w * score.recall;
    mean.specificity += w * score.specificity;
    mean.f1 += w * score.f1;
    sum += w;
  }
  if (sum == 0) return {};
  return {mean.precision / sum, mean.recall / sum, mean.specificity / sum, mean.f1 / sum};
}

}  // namespace

std::uint64_t ConfusionMatrix::truths(std::size_t index) const {
  const auto row = count.begin() + static_cast<std::ptrdiff_t>(index * classes);
  return std::accumulate(row, row + static_cast<std::ptrdiff_t>(classes), std::uint64_t{0});
}

std::uint64_t ConfusionMatrix::predictions(std::size_t index) const {
  std::uint64_t sum = 0;
  for (std::size_t truth = 0; truth < classes; ++truth) sum += at(truth, index);
  return sum;
}

std::uint64_t ConfusionMatrix::total() const {
  return std::accumulate(count.begin(), count.end(), std::uint64_t{0});
}

ConfusionMatrix confusion_matrix(std::span<const int> truth, std::span<const int> predicted, std::size_t classes) {
  return SortedCalls(truth, predicted, classes).matrix();
}

SortedCalls::SortedCalls(std::span<const int> truth, std::span<const int> predicted, std::size_t classes)
    : classes_(classes), index_(truth.size()), end_(classes * classes) {
  check::same_length(truth.size(), predicted.size(), "truths and predictions");
  check::indices(truth, classes);
  check::indices(predicted, classes);
  if (truth.size() > std::numeric_limits<std::uint32_t>::max()) throw InputError("more than 4 thousand million cases");
  const auto cell = [&](std::size_t i) {
    return static_cast<std::size_t>(truth[i]) * classes + static_cast<std::size_t>(predicted[i]);
  };
  std::vector<std::size_t> next(classes * classes);
  for (std::size_t i = 0; i < truth.size(); ++i) ++end_[cell(i)];
  std::exclusive_scan(end_.begin(), end_.end(), next.begin(), std::size_t{0});
  std::inclusive_scan(end_.begin(), end_.end(), end_.begin());
  for (std::size_t i = 0; i < truth.size(); ++i) index_[next[cell(i)]++] = static_cast<std::uint32_t>(i);
}

ConfusionMatrix SortedCalls::matrix(std::span<const std::uint32_t> weight) const {
  if (!weight.empty()) check::same_length(index_.size(), weight.size(), "cases and weights");
  ConfusionMatrix matrix{.classes = classes_, .count = std::vector<std::uint64_t>(classes_ * classes_)};
  std::size_t i = 0;
  for (std::size_t cell = 0; cell < end_.size(); ++cell) {
    std::uint64_t sum = end_[cell] - i;
    if (!weight.empty())
      for (sum = 0; i < end_[cell]; ++i) sum += weight[index_[i]];
    matrix.count[cell] = sum;
    i = end_[cell];
  }
  return matrix;
}

std::optional<double> accuracy(const ConfusionMatrix& matrix) {
  const std::uint64_t total = matrix.total();
  if (total == 0) return std::nullopt;
  std::uint64_t right = 0;
  for (std::size_t i = 0; i < matrix.classes; ++i) right += matrix.at(i, i);
  return ratio(right, total);
}

std::optional<double> balanced_accuracy(const ConfusionMatrix& matrix) {
  double sum = 0;
  int present = 0;
  for (std::size_t i = 0; i < matrix.classes; ++i) {
    const std::uint64_t support = matrix.truths(i);
    if (support == 0) continue;
    sum += ratio(matrix.at(i, i), support);
    ++present;
  }
  if (present == 0) return std::nullopt;
  return sum / present;
}

std::optional<double> matthews_correlation(const ConfusionMatrix& matrix) {
  const auto total = static_cast<double>(matrix.total());
  if (total == 0) return std::nullopt;
  double right = 0, both = 0, truths = 0, predictions = 0;
  for (std::size_t i = 0; i < matrix.classes; ++i) {
    const auto truth = static_cast<double>(matrix.truths(i)), predicted = static_cast<double>(matrix.predictions(i));
    right += static_cast<double>(matrix.at(i, i));
    both += truth * predicted;
    truths += truth * truth;
    predictions += predicted * predicted;
  }
  const double spread = (total * total - truths) * (total * total - predictions);
  if (spread <= 0) return 0;
  return (right * total - both) / std::sqrt(spread);
}

std::vector<ClassScores> class_scores(const ConfusionMatrix& matrix) {
  const std::uint64_t total = matrix.total();
  std::vector<ClassScores> scores(matrix.classes);
  for (std::size_t i = 0; i < matrix.classes; ++i) {
    const std::uint64_t right = matrix.at(i, i), support = matrix.truths(i), predicted = matrix.predictions(i);
    const std::uint64_t rightly_others = total - support - predicted + right;
    scores[i] = {.precision = ratio(right, predicted),
                 .recall = ratio(right, support),
                 .specificity = ratio(rightly_others, total - support),
                 .f1 = ratio(2 * right, support + predicted),
                 .support = support,
                 .predicted = predicted};
  }
  return scores;
}

Averages macro_average(const std::vector<ClassScores>& scores) {
  return average(scores, [](const ClassScores& score) { return score.support + score.predicted > 0 ? 1.0 : 0.0; });
}

Averages weighted_average(const std::vector<ClassScores>& scores) {
  return average(scores, [](const ClassScores& score) { return static_cast<double>(score.support); });
}

std::vector<int> most_likely(std::span<const double> scores, std::size_t classes) {
  if (classes == 0 || scores.size() % classes != 0) throw InputError("the scores are no whole number of rows");
  std::vector<int> best(scores.size() / classes);
  for (std::size_t i = 0; i < best.size(); ++i) {
    const auto row = scores.subspan(i * classes, classes);
    if (std::any_of(row.begin(), row.end(), [](double value) { return std::isnan(value); }))
      check::finite(row, "score");
    best[i] = static_cast<int>(std::max_element(row.begin(), row.end()) - row.begin());
  }
  return best;
}

}  // namespace naevus::metrics
