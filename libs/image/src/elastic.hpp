#pragma once
#include <array>
#include <cstdint>
#include <vector>

namespace naevus::image {

/// A smooth random displacement of the unit square (after Simard, Steinkraus, Platt 2003): uniform B-splines of third
/// degree on a grid of random control points, where they smoothed noise with a Gaussian. No displacement is longer than
/// the amplitude along an axis, and up to an amplitude of 0.05 the map never folds: no slope passes
/// 2 * amplitude * cells = 1/2.
class Elastic {
 public:
  /// @param amplitude  as a share of the side
  /// @param columns    of the rows that are asked for
  Elastic(double amplitude, std::uint64_t seed, int columns);

  /// Displacements of the centres of one row's pixels. @param v  the row's place, in [0, 1]
  void row(float v, std::vector<float>& across, std::vector<float>& down) const;

 private:
  static constexpr int cells = 5, controls = cells + 3;
  using Grid = std::array<std::array<float, controls>, controls>;

  /// The four controls that reach a place, and their weights.
  struct Taps {
    std::size_t first = 0;
    std::array<float, 4> weight{};
  };
  static Taps taps_at(float place);

  Grid across_{}, down_{};
  std::vector<Taps> columns_;
};

}  // namespace naevus::image
