#pragma once
#include <optional>
#include <string>
#include <vector>

#include "naevus/image/image.hpp"
#include "naevus/image/mask.hpp"

namespace naevus::evaluate {

/// Individual typology angle of the skin around a lesion, in degrees: atan2(L* - 50, b*) (Chardon, Cretois & Hourseau
/// 1991), of the medians of L* and b* (CIE Lab, D65, from sRGB) over the pixels outside the lesion, its margin and the
/// dark corners; as Kinyanjui et al. 2020 did for dermoscopy. Larger is lighter.
///
/// It measures the picture, not the person: dermatoscope, its light, white balance and exposure shift it, none of them
/// is calibrated, and no HAM10000 or ISIC picture comes with a measured skin tone to check it by. Fit to find groups of
/// pictures in which a model does worse; not to say whom they show.
/// @param lesion  of the picture's size (image::lesion_mask)
/// @returns nothing where no lesion is marked, or less than 5 % of the picture is skin
/// @throws InputError if the sizes differ
std::optional<double> typology_angle(const image::Image& picture, const image::Mask& lesion);

/// Groups of the angle (Del Bino & Bernerd 2013), from the lightest: "very light" above 55, "light" above 41,
/// "intermediate" above 28, "tan" above 10, "brown" above -30, else "dark".
std::string skin_tone(double angle);
/// All of them, in that order.
const std::vector<std::string>& skin_tones();

}  // namespace naevus::evaluate
