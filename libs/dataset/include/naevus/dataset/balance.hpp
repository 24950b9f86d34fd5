#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "naevus/base/random.hpp"

namespace naevus::dataset {

/// How many of the labels belong to each class. @param label  class indices in [0, classes)
std::vector<std::size_t> class_counts(std::span<const int> label, std::size_t classes);

/// How a class's weight falls with its number of images n.
struct WeightOptions {
  enum class Rule {
    power,             ///< n^-power: 0 no weighting, 0.5 square root, 1 every class counts the same
    effective_number,  ///< (1 - beta) / (1 - beta^n) (Cui et al. 2019, "Class-balanced loss")
  };
  Rule rule = Rule::power;
  double power = 1;
  double beta = 0.999;  ///< in [0, 1)
};

/// One weight per class for a weighted loss, with mean 1 over the images (sum of n_c w_c = n). A class without images
/// has weight 0.
std::vector<double> class_weights(std::span<const std::size_t> count, const WeightOptions& options = {});

/// log(n_c / n) per class, for logit adjustment (Menon et al. 2021): added to the logits while training. A class
/// without images counts as one image.
std::vector<double> log_priors(std::span<const std::size_t> count);

/// Which images an epoch shows, in order: `size` indices into `label`.
/// Each class gets its share of the epoch, proportional to n_c^(1 - power), rounded by largest remainder; a class's
/// images come in turn in a shuffled order, so none comes an (n+1)th time before all others of its class came n times.
/// @param power  0: every image equally often (size = n: a plain shuffle); 1: every class equally often; in [0, 1]
std::vector<std::size_t> sampling_plan(std::span<const int> label, std::size_t classes, double power, std::size_t size,
                                       Random random);

}  // namespace naevus::dataset
