#pragma once
#include <array>
#include <cstdint>

#include "naevus/base/hash.hpp"
#include "naevus/image/image.hpp"

namespace naevus::copies {

/// What find_copies() needs of a picture, so that it is decoded once. Plain bytes: a cache may store it as it lies in
/// memory, beside `version`. A default one stands for a picture that could not be read: it is never part of a pair.
struct Signature {
  static constexpr std::uint32_t version = 2;  ///< rises whenever signature() would give other bytes
  static constexpr int side = 22;

  /// A hash of the pixels that is the same in all eight positions: a sum over the pixels, each with its distances from
  /// the middle. Equal for equal pictures; find_copies() proves the rest.
  std::uint64_t exact = 0;
  Hash128 pixels;                      ///< of the pixels as they lie: of two pictures of one size, equal for equal ones
  std::int32_t width = 0, height = 0;  ///< of the decoded picture
  float deviation = 0;                 ///< standard deviation of the thumbnail's grey levels before stretching
  /// The whole frame as side × side means of grey (Rec. 601), rows from the top, stretched to 0…255.
  std::array<std::uint8_t, std::size_t{side} * side> thumbnail{};

  bool operator==(const Signature&) const = default;
};

/// @throws InputError if the picture has no pixels
Signature signature(const image::Image& picture);

}  // namespace naevus::copies
