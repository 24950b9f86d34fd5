#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "naevus/metrics/reliability.hpp"

namespace naevus::metrics {

/// Cases put into bins.
struct Bins {
  std::vector<ReliabilityBin> bounds;  ///< low and high alone
  std::vector<std::size_t> of;         ///< each case's bin
};

/// @throws InputError as reliability_bins
Bins put_into_bins(std::span<const double> confidence, std::size_t bins, Binning binning);

}  // namespace naevus::metrics
