#include <fmt/format.h>

#include <cmath>

#include "draw.hpp"

namespace naevus::report {

std::vector<double> ticks(const Range& range, int most) {
  const double span = range.high - range.low;
  if (!(span > 0) || !std::isfinite(span)) return {range.low};
  const double rough = span / most;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  const double share = rough / power;
  const double step = power * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10);
  std::vector<double> marks;
  const double first = std::ceil(range.low / step - 1e-9);
  for (double i = first; i * step <= range.high + 1e-9 * span; ++i) marks.push_back(i * step);
  return marks;
}

std::string tick_text(double value) {
  if (std::abs(value) < 1e-12) return "0";
  return fmt::format("{:.6g}", value);
}

}  // namespace naevus::report
