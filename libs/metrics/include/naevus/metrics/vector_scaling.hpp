#pragma once
#include <cstddef>
#include <span>
#include <vector>

namespace naevus::metrics {

/// Calibration that weights and shifts each class's logit by itself (Guo et al. 2017).
struct VectorScaling {
  std::vector<double> weight, bias;  ///< shape [classes]
};

/// The scaling with the lowest log loss of softmax(weight * logit + bias), summed over the cases, plus
/// (|weight - 1|^2 + |bias|^2) / 200: a normal prior of standard deviation 10 around no change, which many cases
/// outweigh and which keeps the answer finite and unique where a class has none or all are told apart. Convex; by
/// Newton's method.
/// @param logits  finite, row-major [n, classes]
/// @param truth   class indices in [0, classes); shape [n]
/// @throws InputError if the shapes differ, there are no cases, an index is out of range or a logit is not finite
VectorScaling fit_vector_scaling(std::span<const double> logits, std::span<const int> truth, std::size_t classes);

/// weight * logit + bias of each row.
/// @throws InputError if the values are no whole number of rows, one is not finite, or the scaling is of other classes
std::vector<double> scaled(std::span<const double> logits, const VectorScaling& scaling);

}  // namespace naevus::metrics
