#include "element.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

namespace naevus::network {
namespace {

static_assert(std::endian::native == std::endian::little, "weight files are read as they lie in memory");

template <typename T>
T load(const std::byte* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

float from_half(std::uint16_t bits) {
  const bool negative = bits >> 15;
  const int exponent = bits >> 10 & 31, fraction = bits & 1023;
  float value;
  if (exponent == 31)
    value = fraction == 0 ? INFINITY : NAN;
  else if (exponent == 0)
    value = std::ldexp(static_cast<float>(fraction), -24);
  else
    value = std::ldexp(static_cast<float>(fraction + 1024), exponent - 25);
  return negative ? -value : value;
}

}  // namespace

std::size_t element_size(Element element) {
  switch (element) {
    case Element::f64:
    case Element::integer64:
      return 8;
    case Element::f32:
    case Element::integer32:
      return 4;
    case Element::f16:
    case Element::bf16:
    case Element::integer16:
      return 2;
    case Element::integer8:
      break;
  }
  return 1;
}

float to_float(Element element, const std::byte* at) {
  switch (element) {
    case Element::f64:
      return static_cast<float>(load<double>(at));
    case Element::f32:
      return load<float>(at);
    case Element::f16:
      return from_half(load<std::uint16_t>(at));
    case Element::bf16:
      return std::bit_cast<float>(std::uint32_t{load<std::uint16_t>(at)} << 16);
    default:
      return 0;
  }
}

std::optional<std::size_t> element_count(std::span<const std::int64_t> shape, std::size_t limit) {
  if (std::any_of(shape.begin(), shape.end(), [](std::int64_t side) { return side < 0; })) return std::nullopt;
  if (std::any_of(shape.begin(), shape.end(), [](std::int64_t side) { return side == 0; })) return 0;
  std::size_t count = 1;
  for (const std::int64_t side : shape) {
    if (static_cast<std::size_t>(side) > limit / count) return std::nullopt;
    count *= static_cast<std::size_t>(side);
  }
  return count;
}

}  // namespace naevus::network
