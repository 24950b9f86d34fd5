#pragma once
#include <cstdint>

#include "color_matrix.hpp"
#include "naevus/image/augment.hpp"

namespace naevus::image {

/// What was drawn for one picture: all that the steps need to be done.
struct Plan {
  bool flip = false;
  double angle = 0;  ///< radians
  double scale = 1, aspect = 1;
  double shift_x = 0, shift_y = 0;  ///< of the side
  double shear = 0;                 ///< tangent
  double corners[8] = {};           ///< x and y of the four corners' shifts, as shares of the side
  double elastic = 0;               ///< largest displacement, as a share of the side
  int hairs = 0;                    ///< number
  bool ruler = false;
  double vignette = 0;  ///< radius of the bright field in half sides; 0: none
  ColorChange color;
  double blur = 0;                    ///< sigma in pixels; 0: none
  double noise = 0;                   ///< sigma in levels; 0: none
  int jpeg = 0;                       ///< quality; 0: none
  double cutout = 0;                  ///< the square's side as a share; 0: none
  double cutout_x = 0, cutout_y = 0;  ///< where, in [0, 1)

  /// Of the steps that take more numbers than the plan holds.
  std::uint64_t elastic_seed = 0, noise_seed = 0, hair_seed = 0, ruler_seed = 0, vignette_seed = 0;
};

Plan draw_plan(const Augmentation& options, Random& random);

/// RandAugment (Cubuk et al. 2020): `count` steps drawn with replacement, each of the strength magnitude / 10 of its
/// strongest, are added to the plan. The paper's fourteen operations are here those that a camera and a hand make on a
/// skin picture: its geometry, brightness, contrast and colour with the paper's limits; hue, white balance, aspect,
/// perspective, elastic, blur, noise, JPEG, hair, ruler, vignette and cutout instead of posterise, solarise, invert.
void add_randaugment(Plan& plan, int count, double magnitude, Random& random);

/// Number of steps that add_randaugment() draws from; the first leaves the picture as it is.
int randaugment_steps();

}  // namespace naevus::image
