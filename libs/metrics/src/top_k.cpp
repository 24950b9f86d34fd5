#include "naevus/metrics/top_k.hpp"

#include "check.hpp"
#include "naevus/base/error.hpp"

namespace naevus::metrics {

std::optional<double> top_k_accuracy(std::span<const double> scores, std::span<const int> truth, std::size_t classes,
                                     std::size_t k) {
  check::table(scores, truth, classes, "scores and truths");
  if (k == 0) throw InputError("the truth can't be among no classes: k must be at least 1");
  if (truth.empty()) return std::nullopt;
  std::size_t found = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const auto row = scores.subspan(i * classes, classes);
    const auto own = static_cast<std::size_t>(truth[i]);
    std::size_t ahead = 0;
    for (std::size_t c = 0; c < classes; ++c)
      if (row[c] > row[own] || (row[c] == row[own] && c < own)) ++ahead;
    if (ahead < k) ++found;
  }
  return static_cast<double>(found) / static_cast<double>(truth.size());
}

}  // namespace naevus::metrics
