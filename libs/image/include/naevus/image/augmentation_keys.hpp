#pragma once
#include <span>
#include <variant>

#include "naevus/image/augment.hpp"

namespace naevus::image {

/// One option of Augmentation: its name in a config ([augmentation] of the TOML file) and, with dashes, as a flag.
struct AugmentationKey {
  const char* name;
  const char* help;
  std::variant<bool Augmentation::*, int Augmentation::*, double Augmentation::*> field;
  double low = 0, high = 1;  ///< both possible
};

/// All options: the one table that configs, flags, help and validate() read.
std::span<const AugmentationKey> augmentation_keys();

}  // namespace naevus::image
