#pragma once
#include "naevus/base/random.hpp"
#include "naevus/image/image.hpp"
#include "naevus/image/prepare.hpp"

namespace naevus::image {

/// How strongly a training picture is varied. Every range is drawn uniformly; 0 switches a step off.
struct Augmentation {
  bool flip = true;             ///< mirror with probability 1/2 (a lesion has no up or left)
  double rotation = 180;        ///< degrees, either way
  double scale_low = 0.8;       ///< the seen part's side, as a share of the frame's
  double scale_high = 1.2;      ///< above 1: zoomed out, the border reflected
  double aspect = 0.1;          ///< x against y scale, either way, as a share
  double shift = 0.1;           ///< of the side, either way
  double shear = 5;             ///< degrees, either way
  double brightness = 0.15;     ///< factor 1 ± this
  double contrast = 0.15;       ///< factor 1 ± this, about the picture's mean
  double saturation = 0.15;     ///< factor 1 ± this
  double hue = 0.02;            ///< of the colour circle, either way
  double white_balance = 0.08;  ///< factor 1 ± this on each channel: the light and the camera differ between hospitals
  double blur = 0.1;  ///< probability of a loss of sharpness: Gaussian of sigma up to 1.5 pixels of the output
  double cutout = 0;  ///< probability of one grey square of up to a third of the side (DeVries & Taylor 2017)

  bool operator==(const Augmentation&) const = default;
};

/// No variation at all.
Augmentation no_augmentation();

/// @throws UsageError naming the option that is out of its range
void validate(const Augmentation& options);

/// One varied picture of the preparation's size: a single affine sampling from the frame (antialiased when it shrinks),
/// then colour, blur and cutout. The same random stream gives the same picture.
Image augment(const Image& image, const Preparation& preparation, const Augmentation& options, Random random);

}  // namespace naevus::image
