#include "order.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "check.hpp"
#include "naevus/base/error.hpp"

namespace naevus::metrics {

std::vector<std::uint32_t> by_falling_score(std::span<const double> score) {
  check::finite(score, "score");
  if (score.size() > std::numeric_limits<std::uint32_t>::max()) throw InputError("more than 4 thousand million cases");
  std::vector<std::uint32_t> order(score.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(),
            [&](std::uint32_t a, std::uint32_t b) { return score[a] > score[b] || (score[a] == score[b] && a < b); });
  return order;
}

}  // namespace naevus::metrics
