#pragma once
#include <cstdint>

#include "naevus/base/random.hpp"
#include "naevus/image/image.hpp"
#include "naevus/image/prepare.hpp"

namespace naevus::image {

/// How strongly a training picture is varied. Every range is drawn uniformly; 0 switches a step off. Ranges, and one
/// line on each for a person: augmentation_keys().
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

  bool quarter_turns = false;  ///< turn by 0, 90, 180 or 270 degrees: with flip, the eight symmetries of the square
  double perspective = 0;      ///< each corner moved either way along both axes, as a share of the side
  double elastic = 0;   ///< largest displacement of a smooth random field (Simard et al. 2003), as a share of the side
  double noise = 0;     ///< largest sigma of a Gaussian noise on every channel, in levels of 255
  double jpeg = 0;      ///< probability of a JPEG's traces, of quality 30 to 95 with halved chroma as cameras write it
  double hair = 0;      ///< probability of 1 to 12 drawn hairs
  double ruler = 0;     ///< probability of a drawn ruler along one side
  double vignette = 0;  ///< probability of the dark corners of a round field of view
  int randaugment = 0;  ///< so many more steps, drawn from all of these (RandAugment, Cubuk et al. 2020)
  double randaugment_magnitude = 5;  ///< their strength, 0 to 10

  // Between the pictures of a batch (mix.hpp); augment() passes them over.
  double mixup = 0;   ///< alpha of the Beta distribution of the shares (Zhang et al. 2018)
  double cutmix = 0;  ///< likewise (Yun et al. 2019); where both are on, each batch draws one of the two

  bool operator==(const Augmentation&) const = default;
};

/// No variation at all.
Augmentation no_augmentation();

/// @throws UsageError naming the option that is out of its range
void validate(const Augmentation& options);

/// The random stream of one picture in training: a resumed run and a contact sheet draw what a run drew.
/// @param epoch     from 0
/// @param position  of the picture in the epoch's order
Random augmentation_stream(std::uint64_t seed, std::uint64_t epoch, std::uint64_t position);

/// One varied picture of the preparation's size: a single sampling from the frame through one map of all geometry
/// (antialiased when it shrinks), then drawn hair, ruler and vignette, colour, blur, noise, JPEG and cutout. The same
/// random stream gives the same picture. Everything is drawn whatever is switched on, so that one option does not move
/// the others; RandAugment adds to what was drawn.
Image augment(const Image& image, const Preparation& preparation, const Augmentation& options, Random random);

}  // namespace naevus::image
