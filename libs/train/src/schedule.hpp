#pragma once
#include <cstdint>

#include "naevus/train/config.hpp"

namespace naevus::train {

/// Share of the learning rate at a step: linear warm-up, then cosine to 0 (Loshchilov & Hutter 2017) or constant.
/// @param step  from 0
double schedule_factor(const Config& config, std::uint64_t step, std::uint64_t steps_per_epoch);

/// Divides the learning rate when validation stops getting better; used with schedule = "plateau".
struct Plateau {
  double factor = 1;
  int waited = 0;  ///< epochs without a better score

  void after_epoch(bool better);
};

}  // namespace naevus::train
