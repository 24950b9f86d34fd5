#include "naevus/metrics/confident_learning.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "check.hpp"
#include "naevus/base/error.hpp"

namespace naevus::metrics {
namespace {

/// Room for rounding in comparisons of probabilities.
constexpr double tolerance = 1e-6;

void check_input(std::span<const double> probabilities, std::span<const int> label, std::size_t classes) {
  check::table(probabilities, label, classes, "probabilities and labels");
  if (label.empty()) throw InputError("there are no labels to look at");
  for (std::size_t i = 0; i < probabilities.size(); ++i)
    if (probabilities[i] < -tolerance || probabilities[i] > 1 + tolerance)
      throw InputError(fmt::format("{} is not a probability (case {})", probabilities[i], i / classes + 1));
}

std::vector<std::int64_t> cases_per_class(std::span<const int> label, std::size_t classes) {
  check::indices(label, classes);
  std::vector<std::int64_t> count(classes, 0);
  for (const int c : label) ++count[static_cast<std::size_t>(c)];
  return count;
}

/// The sum in NumPy's order of addition: a count that lies half-way between two whole numbers must be rounded the way
/// the reference rounds it, so that the last bit matters.
double sum_like_numpy(std::span<const double> values) {
  constexpr std::size_t lanes = 8, block = 128;
  if (values.size() < lanes) return std::accumulate(values.begin(), values.end(), 0.0);
  if (values.size() > block) {
    const std::size_t half = values.size() / 2 / lanes * lanes;
    return sum_like_numpy(values.first(half)) + sum_like_numpy(values.subspan(half));
  }
  double lane[lanes] = {};
  const std::size_t whole = values.size() / lanes * lanes;
  for (std::size_t i = 0; i < whole; ++i) lane[i % lanes] += values[i];
  const double sum = ((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7]));
  return std::accumulate(values.begin() + static_cast<std::ptrdiff_t>(whole), values.end(), sum);
}

/// Indices that sort the values, ascending, equal values in NumPy's order: that of a bitonic sorting network (Batcher
/// 1968) over the next power of two, whose comparators leave equal values in place.
std::vector<std::size_t> argsort_like_numpy(std::span<const double> values) {
  constexpr std::size_t largest_network = 256;
  const std::size_t n = values.size();
  std::vector<std::size_t> order(n <= largest_network ? std::bit_ceil(n) : n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (n > largest_network) {
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
    return order;
  }
  // Padding counts as larger than every value and equal to itself, so that it never moves.
  const auto exchange = [&](std::size_t low, std::size_t high) {
    const std::size_t a = order[low], b = order[high];
    if (b < n && (a >= n || values[b] < values[a])) std::swap(order[low], order[high]);
  };
  for (std::size_t block = 2; block <= order.size(); block *= 2) {
    for (std::size_t i = 0; i < order.size(); ++i)
      if (i % block < block / 2) exchange(i, i - i % block + block - 1 - i % block);
    for (std::size_t step = block / 4; step > 0; step /= 2)
      for (std::size_t i = 0; i < order.size(); ++i)
        if (i % (2 * step) < step) exchange(i, i + step);
  }
  order.resize(n);
  return order;
}

/// Rounds to whole numbers, half to even, that sum to the rounded sum: where they do not, those that were rounded away
/// the most are set right.
std::vector<double> rounded_preserving_sum(std::span<const double> values) {
  std::vector<double> whole;
  for (const double value : values) whole.push_back(std::nearbyint(value));
  const double target = std::nearbyint(sum_like_numpy(values));
  for (double missing = target - std::accumulate(whole.begin(), whole.end(), 0.0); missing != 0;
       missing = target - std::accumulate(whole.begin(), whole.end(), 0.0)) {
    std::vector<double> remainder;
    for (std::size_t i = 0; i < values.size(); ++i) remainder.push_back(values[i] - whole[i]);
    std::vector<std::size_t> order = argsort_like_numpy(remainder);
    if (missing > 0) std::reverse(order.begin(), order.end());
    order.resize(std::min(order.size(), static_cast<std::size_t>(std::abs(missing))));
    for (const std::size_t i : order) whole[i] += missing > 0 ? 1 : -1;
  }
  return whole;
}

/// The likeliest of the classes whose threshold the case reaches; nothing, that is `classes`, where it reaches none.
std::size_t confident_class(std::span<const double> row, std::span<const double> threshold) {
  std::size_t reached = 0, first = row.size();
  for (std::size_t k = 0; k < row.size(); ++k) {
    if (row[k] < threshold[k] - tolerance) continue;
    first = std::min(first, k);
    ++reached;
  }
  if (reached <= 1) return first;
  return static_cast<std::size_t>(std::max_element(row.begin(), row.end()) - row.begin());
}

/// How many cases of each given label [given, likely] are taken for each other class: the joint's counts, less what a
/// class needs to keep its minimum.
std::vector<std::int64_t> cases_to_prune(const ConfidentJoint& joint, int minimum) {
  const std::size_t classes = joint.classes;
  std::vector<std::int64_t> prune(classes * classes, 0);
  for (std::size_t given = 0; given < classes; ++given) {
    const std::int64_t raised = std::max<std::int64_t>(minimum - joint.at(given, given), 0);
    const auto row = joint.count.begin() + static_cast<std::ptrdiff_t>(given * classes);
    const auto nonzero = std::count_if(row, row + static_cast<std::ptrdiff_t>(classes), [](auto n) { return n != 0; });
    const double less = static_cast<double>(raised) / static_cast<double>(std::max<std::ptrdiff_t>(nonzero - 1, 1));
    for (std::size_t likely = 0; likely < classes; ++likely)
      if (likely != given)
        prune[given * classes + likely] =
            static_cast<std::int64_t>(std::max(static_cast<double>(joint.at(given, likely)) - less, 0.0));
  }
  return prune;
}

/// Marks the `count` members of a class with the largest margin of the class `likely` over the given one.
void mark_largest_margins(std::span<const double> probabilities, std::size_t classes,
                          std::span<const std::size_t> member, std::size_t given, std::size_t likely, std::size_t count,
                          std::vector<bool>& marked) {
  std::vector<double> lag;
  for (const std::size_t i : member)
    lag.push_back(-(probabilities[i * classes + likely] - probabilities[i * classes + given]));
  const std::vector<std::size_t> order = argsort_like_numpy(lag);
  for (std::size_t i = 0; i < std::min(count, order.size()); ++i) marked[member[order[i]]] = true;
}

/// Whether the given label is the likeliest, or ties with the likeliest.
bool agrees(std::span<const double> row, std::size_t given) {
  for (std::size_t k = 0; k < row.size(); ++k) {
    if (k == given) continue;
    const double own = row[given] + tolerance;
    if (row[k] > own || (row[k] == own && k < given)) return false;
  }
  return true;
}

}  // namespace

std::vector<double> confident_thresholds(std::span<const double> probabilities, std::span<const int> label,
                                         std::size_t classes) {
  constexpr double lowest = 2 * tolerance, unreachable = 2;
  check_input(probabilities, label, classes);
  std::vector<std::vector<double>> own(classes);
  for (std::size_t i = 0; i < label.size(); ++i) {
    const auto given = static_cast<std::size_t>(label[i]);
    own[given].push_back(probabilities[i * classes + given]);
  }
  std::vector<double> threshold;
  threshold.reserve(classes);
  for (const std::vector<double>& values : own)
    threshold.push_back(values.empty() ? unreachable
                                       : std::max(sum_like_numpy(values) / static_cast<double>(values.size()), lowest));
  return threshold;
}

ConfidentJoint confident_joint(std::span<const double> probabilities, std::span<const int> label, std::size_t classes) {
  const std::vector<double> threshold = confident_thresholds(probabilities, label, classes);
  ConfidentJoint joint{.classes = classes, .count = std::vector<std::int64_t>(classes * classes, 0)};
  for (std::size_t i = 0; i < label.size(); ++i) {
    const auto given = static_cast<std::size_t>(label[i]);
    const std::size_t likely = confident_class(probabilities.subspan(i * classes, classes), threshold);
    if (likely == classes) continue;
    ++joint.count[given * classes + likely];
    if (likely != given) joint.off_diagonal.push_back(i);
  }
  for (std::size_t k = 0; k < classes; ++k)
    joint.count[k * classes + k] = std::max<std::int64_t>(joint.count[k * classes + k], 1);
  return joint;
}

ConfidentJoint calibrated(ConfidentJoint joint, std::span<const int> label) {
  const std::size_t classes = joint.classes;
  if (label.empty()) throw InputError("there are no labels to calibrate with");
  const std::vector<std::int64_t> cases = cases_per_class(label, classes);
  // Transposed, as the reference holds it: the order of the sum depends on it.
  std::vector<double> scaled(classes * classes);
  for (std::size_t given = 0; given < classes; ++given) {
    const auto row = joint.count.begin() + static_cast<std::ptrdiff_t>(given * classes);
    const auto total =
        static_cast<double>(std::accumulate(row, row + static_cast<std::ptrdiff_t>(classes), std::int64_t{0}));
    for (std::size_t likely = 0; likely < classes && total > 0; ++likely)
      scaled[likely * classes + given] =
          static_cast<double>(joint.at(given, likely)) / total * static_cast<double>(cases[given]);
  }
  const double sum = sum_like_numpy(scaled);
  std::vector<double> row(classes);
  for (std::size_t given = 0; given < classes; ++given) {
    for (std::size_t likely = 0; likely < classes; ++likely)
      row[likely] = scaled[likely * classes + given] / sum * static_cast<double>(label.size());
    const std::vector<double> whole = rounded_preserving_sum(row);
    for (std::size_t likely = 0; likely < classes; ++likely)
      joint.count[given * classes + likely] = static_cast<std::int64_t>(whole[likely]);
  }
  return joint;
}

std::vector<double> label_quality(std::span<const double> probabilities, std::span<const int> label,
                                  std::size_t classes) {
  check_input(probabilities, label, classes);
  std::vector<double> quality;
  for (std::size_t i = 0; i < label.size(); ++i)
    quality.push_back(probabilities[i * classes + static_cast<std::size_t>(label[i])]);
  return quality;
}

std::vector<std::size_t> find_label_issues(std::span<const double> probabilities, std::span<const int> label,
                                           std::size_t classes, const LabelIssueOptions& options) {
  if (options.min_examples_per_class < 0) throw InputError("the least number of cases per class can't be negative");
  const ConfidentJoint joint = calibrated(confident_joint(probabilities, label, classes), label);
  std::vector<std::vector<std::size_t>> members(classes);
  for (std::size_t i = 0; i < label.size(); ++i) members[static_cast<std::size_t>(label[i])].push_back(i);
  if (std::count_if(members.begin(), members.end(), [](const auto& m) { return !m.empty(); }) < 2)
    throw InputError("all cases have the same label", "", "label errors need two classes at least");

  const std::vector<std::int64_t> prune = cases_to_prune(joint, options.min_examples_per_class);
  std::vector<bool> marked(label.size(), false);
  for (std::size_t given = 0; given < classes; ++given) {
    // A single case is left alone whatever the minimum, as in the reference.
    if (members[given].size() <= std::max<std::size_t>(1, static_cast<std::size_t>(options.min_examples_per_class)))
      continue;
    for (std::size_t likely = 0; likely < classes; ++likely)
      if (const std::int64_t count = prune[given * classes + likely]; count > 0)
        mark_largest_margins(probabilities, classes, members[given], given, likely, static_cast<std::size_t>(count),
                             marked);
  }
  std::vector<std::size_t> issues;
  for (std::size_t i = 0; i < label.size(); ++i)
    if (marked[i] && !agrees(probabilities.subspan(i * classes, classes), static_cast<std::size_t>(label[i])))
      issues.push_back(i);
  std::vector<double> quality;
  quality.reserve(issues.size());
  for (const std::size_t i : issues) quality.push_back(probabilities[i * classes + static_cast<std::size_t>(label[i])]);
  std::vector<std::size_t> ranked;
  ranked.reserve(issues.size());
  for (const std::size_t i : argsort_like_numpy(quality)) ranked.push_back(issues[i]);
  return ranked;
}

}  // namespace naevus::metrics
