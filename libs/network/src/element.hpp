#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "naevus/network/weights.hpp"

namespace naevus::network {

/// How a weight file stores one number; little-endian.
enum class Element { f64, f32, f16, bf16, integer8, integer16, integer32, integer64 };

std::size_t element_size(Element element);
inline bool is_real(Element element) {
  return element <= Element::bf16;
}

/// One number as float32 (nearest, ties to even, from F64). @param at  element_size bytes; a real element
float to_float(Element element, const std::byte* at);

/// Number of elements of a shape, or nothing where a side is negative or the product passes `limit`.
std::optional<std::size_t> element_count(std::span<const std::int64_t> shape, std::size_t limit);

}  // namespace naevus::network
