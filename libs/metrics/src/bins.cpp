#include "bins.hpp"

#include <algorithm>
#include <cmath>

#include "check.hpp"
#include "naevus/base/error.hpp"
#include "order.hpp"

namespace naevus::metrics {
namespace {

Bins equal_width(std::span<const double> confidence, std::size_t bins) {
  const auto count = static_cast<double>(bins);
  Bins result{std::vector<ReliabilityBin>(bins), std::vector<std::size_t>(confidence.size())};
  for (std::size_t b = 0; b < bins; ++b)
    result.bounds[b] = {.low = static_cast<double>(b) / count, .high = static_cast<double>(b + 1) / count};
  for (std::size_t i = 0; i < confidence.size(); ++i)
    result.of[i] = static_cast<std::size_t>(std::max(0.0, std::ceil(confidence[i] * count) - 1));
  return result;
}

Bins equal_mass(std::span<const double> confidence, std::size_t bins) {
  std::vector<std::uint32_t> order = by_falling_score(confidence);
  std::reverse(order.begin(), order.end());
  Bins result{{}, std::vector<std::size_t>(confidence.size())};
  const std::size_t n = order.size();
  for (std::size_t bin = 1, begin = 0; begin < n; ++bin) {
    // The first bins take the cases that are left over; a bin that equal confidences filled up is passed over.
    std::size_t end = bin * (n / bins) + std::min(bin, n % bins);
    if (end <= begin) continue;
    while (end < n && confidence[order[end]] == confidence[order[end - 1]]) ++end;
    for (std::size_t i = begin; i < end; ++i) result.of[order[i]] = result.bounds.size();
    result.bounds.push_back({.low = confidence[order[begin]], .high = confidence[order[end - 1]]});
    begin = end;
  }
  return result;
}

}  // namespace

Bins put_into_bins(std::span<const double> confidence, std::size_t bins, Binning binning) {
  check::shares(confidence, "confidence");
  if (bins == 0) throw InputError("there must be at least one bin");
  return binning == Binning::equal_width ? equal_width(confidence, bins) : equal_mass(confidence, bins);
}

}  // namespace naevus::metrics
