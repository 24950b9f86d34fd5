#include "naevus/metrics/agreement.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace naevus::metrics {
namespace {

/// The standard normal's quantile at 0.975.
constexpr double two_sided_95 = 1.959963984540054;

/// Large-sample variance of kappa (Fleiss, Cohen & Everitt 1969, eq. 13).
double variance(const ConfusionMatrix& matrix, const Agreement& found) {
  const auto cases = static_cast<double>(matrix.total());
  const double kappa = found.kappa, disagreement = 1 - found.expected;
  double diagonal = 0, others = 0;
  for (std::size_t i = 0; i < matrix.classes; ++i)
    for (std::size_t j = 0; j < matrix.classes; ++j) {
      const double share = static_cast<double>(matrix.at(i, j)) / cases;
      if (i == j) {
        const double own = static_cast<double>(matrix.truths(i) + matrix.predictions(i)) / cases;
        diagonal += share * std::pow(1 - own * (1 - kappa), 2);
      } else {
        const double crossed = static_cast<double>(matrix.predictions(i) + matrix.truths(j)) / cases;
        others += share * crossed * crossed;
      }
    }
  const double rest = kappa - found.expected * (1 - kappa);
  const double sum = diagonal + (1 - kappa) * (1 - kappa) * others - rest * rest;
  return std::max(0.0, sum) / (disagreement * disagreement * cases);
}

}  // namespace

std::optional<Agreement> cohen_kappa(const ConfusionMatrix& matrix) {
  const std::uint64_t total = matrix.total();
  if (total == 0) return std::nullopt;
  const auto cases = static_cast<double>(total);
  Agreement found;
  for (std::size_t i = 0; i < matrix.classes; ++i) {
    if (matrix.truths(i) == total && matrix.predictions(i) == total) return std::nullopt;
    found.observed += static_cast<double>(matrix.at(i, i)) / cases;
    found.expected +=
        static_cast<double>(matrix.truths(i)) / cases * static_cast<double>(matrix.predictions(i)) / cases;
  }
  found.kappa = (found.observed - found.expected) / (1 - found.expected);
  found.standard_error = std::sqrt(variance(matrix, found));
  found.interval = {found.kappa - two_sided_95 * found.standard_error,
                    found.kappa + two_sided_95 * found.standard_error};
  return found;
}

}  // namespace naevus::metrics
