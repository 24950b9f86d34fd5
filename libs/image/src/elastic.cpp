#include "elastic.hpp"

#include <algorithm>

#include "naevus/base/random.hpp"

namespace naevus::image {

Elastic::Taps Elastic::taps_at(float place) {
  const float at = std::clamp(place, 0.0F, 1.0F) * cells;
  const int cell = std::min(static_cast<int>(at), cells - 1);
  const float t = at - static_cast<float>(cell), s = 1 - t;
  return {static_cast<std::size_t>(cell),
          {s * s * s / 6, (3 * t * t * t - 6 * t * t + 4) / 6, (3 * s * s * s - 6 * s * s + 4) / 6, t * t * t / 6}};
}

Elastic::Elastic(double amplitude, std::uint64_t seed, int columns) {
  Random random(seed);
  for (Grid* grid : {&across_, &down_})
    for (auto& line : *grid)
      for (float& control : line) control = static_cast<float>(random.uniform(-amplitude, amplitude));
  columns_.reserve(static_cast<std::size_t>(columns));
  for (int x = 0; x < columns; ++x)
    columns_.push_back(taps_at((static_cast<float>(x) + 0.5F) / static_cast<float>(columns)));
}

void Elastic::row(float v, std::vector<float>& across, std::vector<float>& down) const {
  const Taps rows = taps_at(v);
  std::array<float, controls> line_across{}, line_down{};
  for (std::size_t k = 0; k < 4; ++k) {
    for (std::size_t i = 0; i < controls; ++i) {
      line_across[i] += rows.weight[k] * across_[rows.first + k][i];
      line_down[i] += rows.weight[k] * down_[rows.first + k][i];
    }
  }
  for (std::size_t x = 0; x < columns_.size(); ++x) {
    const Taps& taps = columns_[x];
    float sum_across = 0, sum_down = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      sum_across += taps.weight[k] * line_across[taps.first + k];
      sum_down += taps.weight[k] * line_down[taps.first + k];
    }
    across[x] = sum_across;
    down[x] = sum_down;
  }
}

}  // namespace naevus::image
