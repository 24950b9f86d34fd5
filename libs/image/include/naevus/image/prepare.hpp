#pragma once
#include "naevus/image/image.hpp"

namespace naevus::image {

/// Antialiased, separable resize with a triangle filter, the formula that C++, TypeScript and the golden file share.
///
/// For output size m of input size n along one axis: scale s = n / m, support r = max(s, 1); output i has its centre at
/// c = (i + 0.5) * s; the inputs j with |j + 0.5 - c| < r count, with weight 1 - |j + 0.5 - c| / r, normalised to
/// sum 1. Horizontal pass first, then vertical; float32 between the passes, rounded half up to uint8 at the end.
/// (Pillow's BILINEAR has the same filter, with fixed-point sums: it differs by at most 1.)
Image resize(const Image& image, int width, int height);

/// The part of the picture that is looked at.
enum class Frame {
  whole,          ///< all of it, its aspect given up
  centre_square,  ///< the largest centred square; an odd remainder leaves the extra pixel at the right and the bottom
};

/// The steps from a decoded picture to the network's input, as the model's card names them.
struct Preparation {
  int width = 224;
  int height = 224;
  Frame frame = Frame::centre_square;
  bool operator==(const Preparation&) const = default;
};

/// Frame, then resize. Training's validation, `evaluate`, `predict` and the server all call this.
Image prepare(const Image& image, const Preparation& preparation);

}  // namespace naevus::image
