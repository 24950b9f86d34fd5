#include "naevus/image/augmentation_keys.hpp"

#include <fmt/format.h>

#include <array>

#include "naevus/base/error.hpp"

namespace naevus::image {

std::span<const AugmentationKey> augmentation_keys() {
  using A = Augmentation;
  static constexpr std::array keys = {
      AugmentationKey{"flip", "mirror half of the pictures", &A::flip},
      AugmentationKey{"rotation", "degrees, either way", &A::rotation, 0, 180},
      AugmentationKey{"scale_low", "smallest seen part, as a share of the side", &A::scale_low, 0.1, 4},
      AugmentationKey{"scale_high", "largest seen part; above 1 the border is mirrored", &A::scale_high, 0.1, 4},
      AugmentationKey{"aspect", "x against y scale, either way", &A::aspect, 0, 0.5},
      AugmentationKey{"shift", "share of the side, either way", &A::shift, 0, 0.5},
      AugmentationKey{"shear", "degrees, either way", &A::shear, 0, 45},
      AugmentationKey{"brightness", "factor 1 ± this", &A::brightness, 0, 0.9},
      AugmentationKey{"contrast", "factor 1 ± this", &A::contrast, 0, 0.9},
      AugmentationKey{"saturation", "factor 1 ± this", &A::saturation, 0, 1},
      AugmentationKey{"hue", "share of the colour circle, either way", &A::hue, 0, 0.5},
      AugmentationKey{"white_balance", "factor 1 ± this on each channel", &A::white_balance, 0, 0.9},
      AugmentationKey{"blur", "probability of a loss of sharpness", &A::blur},
      AugmentationKey{"cutout", "probability of a grey square", &A::cutout},
      AugmentationKey{"quarter_turns", "turn by 0, 90, 180 or 270 degrees", &A::quarter_turns},
      AugmentationKey{"perspective", "shift of each corner, as a share of the side", &A::perspective, 0, 0.2},
      AugmentationKey{"elastic", "largest displacement of a smooth distortion, as a share of the side", &A::elastic, 0,
                      0.05},
      AugmentationKey{"noise", "largest sigma of Gaussian noise, in levels of 255", &A::noise, 0, 64},
      AugmentationKey{"jpeg", "probability of a JPEG's traces (quality 30 to 95)", &A::jpeg},
      AugmentationKey{"hair", "probability of drawn hairs", &A::hair},
      AugmentationKey{"ruler", "probability of a drawn ruler", &A::ruler},
      AugmentationKey{"vignette", "probability of dark corners", &A::vignette},
      AugmentationKey{"randaugment", "RandAugment: so many more steps, drawn from all of these; 0: none",
                      &A::randaugment, 0, 10},
      AugmentationKey{"randaugment_magnitude", "strength of RandAugment's steps", &A::randaugment_magnitude, 0, 10},
      AugmentationKey{"mixup", "blend pictures of a batch; alpha of the shares' Beta distribution, 0: not", &A::mixup,
                      0, 10},
      AugmentationKey{"cutmix", "paste a part of another picture; alpha as for mixup", &A::cutmix, 0, 10},
  };
  return keys;
}

void validate(const Augmentation& o) {
  for (const AugmentationKey& key : augmentation_keys()) {
    const double value = std::visit([&](auto field) { return static_cast<double>(o.*field); }, key.field);
    if (!(value >= key.low && value <= key.high))
      throw UsageError(fmt::format("{} = {} is out of range", key.name, value), "augmentation",
                       fmt::format("it lies between {} and {}", key.low, key.high));
  }
  if (o.scale_low > o.scale_high)
    throw UsageError(fmt::format("scale_low {} is above scale_high {}", o.scale_low, o.scale_high), "augmentation");
}

}  // namespace naevus::image
