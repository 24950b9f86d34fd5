#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "naevus/copies/signature.hpp"
#include "naevus/copies/symmetry.hpp"

namespace naevus::copies {

/// A rectangle in shares of a picture's width and height; it may reach beyond the picture.
struct Rectangle {
  double x = 0, y = 0, width = 1, height = 1;
};

/// What a part of a picture looks like from afar: coefficient (u, v) of the part's discrete cosine transform, u down
/// the rows and v along them, at 8u + v for u, v < 8. The constant is nought, the others are weighted by their
/// frequency (a natural picture's fall with it, so that the weighted ones are about equally large) and scaled to length
/// 1, or all nought where the part is plain. The scalar product of two is a correlation.
constexpr std::size_t frequencies = 8;
using Descriptor = std::array<float, frequencies * frequencies>;

/// The transform of one rectangle of the thumbnail, prepared once and used for every picture.
class DescriptorMaker {
 public:
  explicit DescriptorMaker(const Rectangle& part);
  Descriptor operator()(const Signature& picture) const;

 private:
  using Basis = std::array<std::array<float, frequencies>, Signature::side>;  // by cell, then by frequency
  static Basis basis(double begin, double length);
  Basis down_, along_;
};

/// Where the rectangle comes to lie when the picture is turned.
Rectangle turned(Rectangle part, Symmetry symmetry);

/// The descriptor of the same part after the picture is turned.
Descriptor turned(const Descriptor& descriptor, Symmetry symmetry);

/// The symmetries that bring a picture into a position which only its contents decide: the slope along it (v = 1) is at
/// least as steep as the slope down it (u = 1), and both rise. Where one of the three is a matter of less than `doubt`,
/// both ways are given; the clear one comes first.
std::vector<Symmetry> upright_positions(const Descriptor& descriptor, double doubt);

}  // namespace naevus::copies
