#pragma once
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// The numbers that make_torchvision.py fills networks and the input with (its documentation gives the formula), so
/// that a network here can be held against torchvision.json without stored weights.
namespace naevus::golden {

/// The i-th of the uniform numbers in [0, 1) that belong to a name.
class Uniform {
 public:
  explicit Uniform(std::string_view name) {
    for (const char c : name) hash_ = (hash_ ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  }
  double operator()(std::uint64_t i) const {
    std::uint64_t z = hash_ + (i + 1) * 0x9E3779B97F4A7C15ULL;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ z >> 27) * 0x94D049BB133111EBULL;
    return static_cast<double>((z ^ z >> 31) >> 11) * 0x1.0p-53;
  }

 private:
  std::uint64_t hash_ = 0xCBF29CE484222325ULL;
};

/// A parameter or buffer of that name and shape, row-major.
inline std::vector<float> parameter(const std::string& name, const std::vector<std::int64_t>& shape) {
  std::int64_t count = 1;
  for (const std::int64_t side : shape) count *= side;
  double scale = 0.4, shift = 0.8;  // of a weight of rank 1 (batch norm)
  if (name.ends_with("running_mean") || name.ends_with("bias")) {
    scale = 0.2;
    shift = -0.1;
  } else if (name.ends_with("running_var")) {
    scale = 1;
    shift = 0.5;
  } else if (shape.size() > 1) {
    const double bound = std::sqrt(6.0 / (static_cast<double>(count) / static_cast<double>(shape[0])));
    scale = 2 * bound;
    shift = -bound;
  }
  const Uniform uniform(name);
  std::vector<float> values(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(shift + scale * uniform(i));
  return values;
}

/// The network's input, [1, 3, 224, 224].
inline std::vector<float> input() {
  const Uniform uniform("input");
  std::vector<float> values(3 * 224 * 224);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(4 * uniform(i) - 2);
  return values;
}

}  // namespace naevus::golden
