#include "naevus/metrics/partial_auc.hpp"

#include <fmt/format.h>

#include <cmath>

#include "naevus/base/error.hpp"

namespace naevus::metrics {
namespace {

double area(double x0, double y0, double x1, double y1) {
  return (x1 - x0) * (y0 + y1) / 2;
}

/// The false positive rate at which the curve first reaches a sensitivity above 0.
double first_reaches(const RocCurve& curve, double sensitivity, std::size_t& next) {
  const auto &x = curve.false_positive_rate, &y = curve.true_positive_rate;
  next = 1;
  while (y[next] < sensitivity) ++next;
  const double share = (sensitivity - y[next - 1]) / (y[next] - y[next - 1]);
  return std::lerp(x[next - 1], x[next], share);
}

}  // namespace

double standardised_partial_auc(const RocCurve& curve, double highest_false_positive_rate) {
  const double end = highest_false_positive_rate;
  if (!(end > 0 && end <= 1))
    throw InputError(fmt::format("the highest false positive rate {} does not lie above 0 and up to 1", end));
  const auto &x = curve.false_positive_rate, &y = curve.true_positive_rate;
  double sum = 0;
  std::size_t i = 1;
  for (; i < x.size() && x[i] <= end; ++i) sum += area(x[i - 1], y[i - 1], x[i], y[i]);
  if (i < x.size())
    sum += area(x[i - 1], y[i - 1], end, std::lerp(y[i - 1], y[i], (end - x[i - 1]) / (x[i] - x[i - 1])));
  if (end == 1) return sum;
  const double lowest = end * end / 2;  // of the diagonal
  return (1 + (sum - lowest) / (end - lowest)) / 2;
}

double partial_auc_above(const RocCurve& curve, double lowest_sensitivity) {
  if (!(lowest_sensitivity >= 0 && lowest_sensitivity < 1))
    throw InputError(fmt::format("the lowest sensitivity {} does not lie from 0 to below 1", lowest_sensitivity));
  const auto &x = curve.false_positive_rate, &y = curve.true_positive_rate;
  double sum = 0;
  for (std::size_t i = 1; i < x.size(); ++i) {
    if (y[i] <= lowest_sensitivity) continue;
    const double above = std::max(y[i - 1] - lowest_sensitivity, 0.0), height = y[i] - lowest_sensitivity;
    double width = x[i] - x[i - 1];
    if (y[i - 1] < lowest_sensitivity) width *= height / (y[i] - y[i - 1]);
    sum += width * (above + height) / 2;
  }
  return sum;
}

double auc_above_sensitivity(const RocCurve& curve, double lowest_sensitivity) {
  if (!(lowest_sensitivity > 0 && lowest_sensitivity <= 1))
    throw InputError(fmt::format("the lowest sensitivity {} does not lie above 0 and up to 1", lowest_sensitivity));
  const auto &x = curve.false_positive_rate, &y = curve.true_positive_rate;
  std::size_t next = 1;
  const double begin = first_reaches(curve, lowest_sensitivity, next);
  double sum = area(begin, lowest_sensitivity, x[next], y[next]);
  for (std::size_t i = next + 1; i < x.size(); ++i) sum += area(x[i - 1], y[i - 1], x[i], y[i]);
  return sum;
}

}  // namespace naevus::metrics
