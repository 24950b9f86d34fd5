#pragma once
#include "naevus/image/image.hpp"
#include "naevus/image/mask.hpp"

namespace naevus::image {

/// Where the lesion is, by a quick segmentation at about 56 pixels a side. Lengths are shares of the picture's sides
/// from its left and top.
struct Lesion {
  bool found = false;
  double area = 0;                        ///< share of the picture's area, in [0, 1]
  double center_x = 0.5, center_y = 0.5;  ///< centre of mass, in [0, 1]
  double border = 0;    ///< share of the picture's border that lies in the lesion, in [0, 1]; above 0: it is cut off
  double contrast = 0;  ///< difference to the skin around it in mean RGB, in [0, 1]

  bool operator==(const Lesion&) const = default;
};

/// Pigment absorbs blue light more than red, so a pixel scores by how much its blue and green fall below the bright
/// skin's (the 90th percentile of each channel), against how much its red does; below Otsu's threshold of blue (Otsu
/// 1979) it gains, far from the middle it loses. The largest connected part near the middle, with its holes filled, is
/// the lesion. bench/image_measures says how well this agrees with masks drawn by people.
/// @throws InputError if the picture has no pixels
Lesion find_lesion(const Image& image);

/// The same segmentation as a mask of the picture's size; empty of set pixels where no lesion is found.
/// @throws InputError if the picture has no pixels
Mask lesion_mask(const Image& image);

}  // namespace naevus::image
