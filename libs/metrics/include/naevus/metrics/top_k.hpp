#pragma once
#include <cstddef>
#include <optional>
#include <span>

namespace naevus::metrics {

/// Share of cases whose class is among the k with the highest scores. Of equal scores the first class goes first, as in
/// most_likely, so that k = 1 is the accuracy. Nothing without cases.
/// @param scores  finite, row-major [n, classes]
/// @param truth   class indices in [0, classes); shape [n]
/// @throws InputError if the shapes differ, an index is out of range, a score is not finite or k is 0
std::optional<double> top_k_accuracy(std::span<const double> scores, std::span<const int> truth, std::size_t classes,
                                     std::size_t k);

}  // namespace naevus::metrics
