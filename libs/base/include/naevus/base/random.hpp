#pragma once
#include <cstdint>
#include <initializer_list>
#include <span>
#include <utility>

namespace naevus {

/// A small random generator whose stream is fixed by a seed and a list of indices, on every machine and compiler:
/// Random(seed, {epoch, index}) can be made anew anywhere, so a resumed run draws what the uninterrupted one drew.
/// SplitMix64 (Steele, Lea, Flood 2014). Not for secrets.
class Random {
 public:
  explicit Random(std::uint64_t seed, std::initializer_list<std::uint64_t> stream = {});

  std::uint64_t next();
  /// In [0, 1).
  double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
  /// In [low, high).
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  /// In [0, n), without bias; n > 0.
  std::uint64_t below(std::uint64_t n);
  /// True with probability p.
  bool chance(double p) { return uniform() < p; }
  /// Standard normal (Marsaglia polar).
  double normal();

  template <typename T>
  void shuffle(std::span<T> values) {
    for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[below(i)]);
  }

 private:
  std::uint64_t state_;
};

}  // namespace naevus
