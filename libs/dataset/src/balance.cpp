#include "naevus/dataset/balance.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace naevus::dataset {
namespace {

/// `size` dealt out in proportion to the weights, by largest remainder; ties go to the smaller class index.
std::vector<std::size_t> deal(std::span<const double> weight, std::size_t size) {
  const double total = std::accumulate(weight.begin(), weight.end(), 0.0);
  std::vector<std::size_t> share(weight.size(), 0);
  if (total <= 0) return share;
  std::vector<std::pair<double, std::size_t>> remainder;
  std::size_t dealt = 0;
  for (std::size_t c = 0; c < weight.size(); ++c) {
    const double exact = static_cast<double>(size) * weight[c] / total;
    share[c] = static_cast<std::size_t>(std::floor(exact));
    dealt += share[c];
    if (weight[c] > 0) remainder.emplace_back(static_cast<double>(share[c]) - exact, c);
  }
  std::sort(remainder.begin(), remainder.end());
  for (std::size_t i = 0; dealt < size; ++i, ++dealt) ++share[remainder[i % remainder.size()].second];
  return share;
}

}  // namespace

std::vector<std::size_t> class_counts(std::span<const int> label, std::size_t classes) {
  std::vector<std::size_t> count(classes, 0);
  for (const int c : label) ++count.at(static_cast<std::size_t>(c));
  return count;
}

std::vector<double> class_weights(std::span<const std::size_t> count, const WeightOptions& options) {
  std::vector<double> weight(count.size(), 0);
  double images = 0, weighted = 0;
  for (std::size_t c = 0; c < count.size(); ++c) {
    if (count[c] == 0) continue;
    const double n = static_cast<double>(count[c]);
    weight[c] = options.rule == WeightOptions::Rule::power ? std::pow(n, -options.power)
                                                           : (1 - options.beta) / (1 - std::pow(options.beta, n));
    images += n;
    weighted += n * weight[c];
  }
  if (weighted > 0)
    for (double& w : weight) w *= images / weighted;
  return weight;
}

std::vector<double> log_priors(std::span<const std::size_t> count) {
  double images = 0;
  for (const std::size_t n : count) images += static_cast<double>(std::max<std::size_t>(n, 1));
  std::vector<double> prior;
  for (const std::size_t n : count)
    prior.push_back(std::log(static_cast<double>(std::max<std::size_t>(n, 1)) / images));
  return prior;
}

std::vector<std::size_t> sampling_plan(std::span<const int> label, std::size_t classes, double power, std::size_t size,
                                       Random random) {
  std::vector<std::vector<std::size_t>> members(classes);
  for (std::size_t i = 0; i < label.size(); ++i) members.at(static_cast<std::size_t>(label[i])).push_back(i);
  std::vector<double> weight;
  for (const auto& images : members)
    weight.push_back(images.empty() ? 0 : std::pow(static_cast<double>(images.size()), 1 - power));

  std::vector<std::size_t> plan;
  const std::vector<std::size_t> share = deal(weight, size);
  for (std::size_t c = 0; c < classes; ++c) {
    for (std::size_t i = 0; i < share[c]; ++i) {
      const std::size_t turn = i % members[c].size();
      if (turn == 0) random.shuffle(std::span(members[c]));
      plan.push_back(members[c][turn]);
    }
  }
  random.shuffle(std::span(plan));
  return plan;
}

}  // namespace naevus::dataset
