#include "naevus/image/artefacts.hpp"

#include "bubbles.hpp"
#include "lines.hpp"
#include "shared.hpp"
#include "stains.hpp"

namespace naevus::image {
namespace {

/// Share of the picture that is surround, times corners that are.
constexpr double vignette_threshold = 0.02;

}  // namespace

Artefacts find_artefacts(const Planes& planes, const Field& field, const cv::Mat& lesion) {
  const DarkLines lines = dark_lines_of(planes.detail);
  return {.hair = {hair_score(lines, lesion, field.surround)},
          .ruler = {ruler_score(lines, lesion)},
          .ink = {ink_score(planes, lesion)},
          .vignette = {score_of(field.share * field.corners, vignette_threshold)},
          .bubbles = {bubble_score(planes, lesion)},
          .patches = {patch_score(planes, lesion)}};
}

Artefacts find_artefacts(const Image& image) {
  const Planes planes = planes_of(image);
  return find_artefacts(planes, field_of(planes), segment(planes).mask);
}

}  // namespace naevus::image
