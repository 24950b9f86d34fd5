#pragma once
#include <optional>

#include "naevus/image/image.hpp"
#include "view.hpp"

namespace naevus::image {

/// A round field of view, in pixels of the picture, where the pixel (0, 0) covers [0, 1) x [0, 1). A picture that was
/// squashed shows an ellipse along the axes. It may reach beyond the picture.
struct LitField {
  double x = 0, y = 0;           ///< centre
  double across = 0, along = 0;  ///< radii in x and in y, within what is fully lit
};

/// Finds the field that a dark rim in at least two corners leaves.
///
/// The picture is shrunk to 256 pixels. Dark is what has no channel above 0.35 of the 80th percentile of the brightest
/// channel; the rim is what is dark and joined to a dark corner. An ellipse is fitted to the rim's inner edge by least
/// squares, twice, the second time without what lies off the first (hairs, ink, marks). It counts if the edge lies on
/// it, the rim fills what is outside and next to nothing of what is inside.
/// @returns nothing where there is no such rim
std::optional<LitField> field_of_view(const Image& image);

/// The frame as it is where its corners lie within the field, or there is none; else the largest square within field
/// and picture.
View without_vignette(const View& frame);

}  // namespace naevus::image
