#pragma once
#include "naevus/image/artefacts.hpp"
#include "naevus/image/quality.hpp"

namespace naevus::image {

struct Measures {
  Quality quality;
  Artefacts artefacts;

  bool operator==(const Measures&) const = default;
};

/// measure_quality and find_artefacts at the cost of what they share once.
/// @throws InputError if the picture has no pixels
Measures measure(const Image& image);

}  // namespace naevus::image
