#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "naevus/dataset/manifest.hpp"

namespace naevus::clean {

/// One class of a set.
struct ClassBalance {
  std::string label;
  std::size_t images = 0;
  std::size_t lesions = 0;  ///< different lesion_ids; an image without one is a lesion of its own
  double share = 0;         ///< of the images
  /// (1 - beta^n) / (1 - beta): what n images are worth when each new one adds less (Cui et al. 2019, beta 0.999).
  double effective_number = 0;

  // What `naevus train` does about the class, by its key `balancing` and with balancing_power 1:
  double sampling_share = 0;    ///< "sampling": share of an epoch's pictures
  double shown_per_epoch = 0;   ///< "sampling": how often an epoch shows each of its images
  double loss_weight = 0;       ///< "loss": factor on the loss of its images, mean 1 over the images
  double logit_adjustment = 0;  ///< "logit-adjustment": added to its logit while training, log(share)
};

/// How a set's images are spread over its classes.
struct Balance {
  std::vector<ClassBalance> classes;  ///< in alphabetical order
  std::size_t images = 0;             ///< with a label
  double imbalance_ratio = 1;         ///< images of the largest class / of the smallest
};

/// Of the training part, where there is one, or else of all entries. Nothing is copied to balance a set: a copy made
/// before the split lands in both parts.
Balance balance(const dataset::Manifest& manifest);

}  // namespace naevus::clean
