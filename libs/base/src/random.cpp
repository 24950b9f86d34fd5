#include "naevus/base/random.hpp"

#include <cmath>

namespace naevus {
namespace {

std::uint64_t mix(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

constexpr std::uint64_t golden_gamma = 0x9E3779B97F4A7C15ULL;

}  // namespace

Random::Random(std::uint64_t seed, std::initializer_list<std::uint64_t> stream) : state_(mix(seed + golden_gamma)) {
  for (const std::uint64_t index : stream) state_ = mix(state_ + golden_gamma * (index + 1));
}

std::uint64_t Random::next() {
  return mix(state_ += golden_gamma);
}

std::uint64_t Random::below(std::uint64_t n) {
  const std::uint64_t threshold = (0 - n) % n;  // values under it would favour small remainders
  for (;;) {
    const std::uint64_t value = next();
    if (value >= threshold) return value % n;
  }
}

double Random::normal() {
  for (;;) {
    const double u = uniform(-1, 1), v = uniform(-1, 1);
    const double s = u * u + v * v;
    if (s > 0 && s < 1) return u * std::sqrt(-2 * std::log(s) / s);
  }
}

}  // namespace naevus
