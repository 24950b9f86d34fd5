#pragma once
#include "naevus/image/image.hpp"
#include "naevus/image/lesion.hpp"

namespace naevus::image {

/// What a picture is worth to look at. Luma is ITU-R BT.601's, divided by 255. All but blockiness and clipping are
/// measured at one scale (the shorter side reduced to 224 to 447 pixels), so that pictures of different size compare.
/// The black corners of a round field of view count neither as dark nor as contrast.
struct Quality {
  /// In [0, 1], higher is sharper. 1 minus the blur effect of Crete et al. 2007, by blocks of 16 pixels whose influence
  /// is bounded, so that a few hairs do not stand for the picture and skin without structure stands for little.
  /// HAM10000: median 0.72; after a Gaussian of 1.5 pixels 0.48.
  double sharpness = 0;
  double luma_5 = 0, luma_50 = 0, luma_95 = 0;  ///< percentiles of luma, in [0, 1]; dark: low 95th, pale: high 5th
  double clipped_dark = 0,
         clipped_bright = 0;  ///< share of pixels with luma below 4 / above 251 of 255; lower is better
  double contrast = 0;        ///< luma_95 - luma_5, in [0, 1]; higher is better
  double entropy = 0;         ///< Shannon's, of luma, in bits, in [0, 8]; higher means more information
  double blockiness =
      0;  ///< of JPEG's 8-pixel grid: jump at its lines over the jump elsewhere, minus 1; lower is better
  Lesion lesion;

  bool operator==(const Quality&) const = default;
};

/// @throws InputError if the picture has no pixels
Quality measure_quality(const Image& image);

/// Fixed thresholds, for a single picture or a set too small for its own.
struct QualityLimits {
  double least_sharpness = 0.42;     ///< in focus, but smooth and strong in contrast: down to 0.40
  double least_luma_95 = 0.35;       ///< below: dark
  double most_luma_5 = 0.82;         ///< above: overexposed
  double most_clipped_bright = 0.1;  ///< above: overexposed
  double least_contrast = 0.12;
  double least_entropy = 4.5;
  double most_blockiness = 0.6;
  double least_lesion_area = 0.01;  ///< below: tiny lesion
  double most_lesion_border = 0.1;  ///< above: the picture cuts the lesion off
};

}  // namespace naevus::image
