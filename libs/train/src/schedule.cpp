#include "schedule.hpp"

#include <cmath>
#include <numbers>

namespace naevus::train {

double schedule_factor(const Config& config, std::uint64_t step, std::uint64_t steps_per_epoch) {
  const auto at = static_cast<double>(step), epoch = static_cast<double>(steps_per_epoch);
  const double total = config.epochs * epoch, warm = std::min(config.warmup * epoch, total);
  if (at < warm) return (at + 1) / std::ceil(warm);
  if (config.schedule != "cosine") return 1;
  return 0.5 * (1 + std::cos(std::numbers::pi * (at - warm) / std::max(1.0, total - warm)));
}

void Plateau::after_epoch(bool better) {
  constexpr int patience = 3;
  waited = better ? 0 : waited + 1;
  if (waited < patience) return;
  factor *= 0.3;
  waited = 0;
}

}  // namespace naevus::train
