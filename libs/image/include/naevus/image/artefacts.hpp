#pragma once
#include "naevus/image/image.hpp"

namespace naevus::image {

/// How strongly one kind of artefact shows: 0 none, 0.5 at the threshold, towards 1 unmistakable. Scores order
/// pictures; they are no probabilities.
struct Artefact {
  double score = 0;

  bool found() const { return score >= 0.5; }
  bool operator==(const Artefact&) const = default;
};

/// What is in a dermoscopic picture besides skin, and what a network may take for a sign of a class (Bissoto et al.
/// 2020). Found by classical means at one scale (shorter side 224 to 447 pixels). docs/results.md has their precision,
/// judged by eye.
struct Artefacts {
  Artefact hair;      ///< long, thin, dark lines
  Artefact ruler;     ///< short dark ticks at equal distances in a row
  Artefact ink;       ///< blue, violet or green pen on the skin
  Artefact vignette;  ///< black corners, or the black surround of a round field of view
  Artefact bubbles;   ///< air in the gel: small round rims with highlights
  Artefact patches;   ///< coloured charts and stickers: large, even, saturated, at the border

  bool operator==(const Artefacts&) const = default;
};

/// @throws InputError if the picture has no pixels
Artefacts find_artefacts(const Image& image);

}  // namespace naevus::image
