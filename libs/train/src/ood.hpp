#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "naevus/network/weights.hpp"

namespace naevus::train {

/// Parameters of the Mahalanobis refusal score, as model::OodHead holds them.
struct MahalanobisHead {
  network::Tensor projection;  ///< [D, k]
  network::Tensor means;       ///< [classes, k]
};

/// Fits the tied-covariance Gaussian of Lee et al. 2018 on at most `components` principal components of the embeddings
/// about their class means, each scaled to unit variance.
/// @param embedding  [n, D]   @param truth  [n], in [0, classes); every class occurs
MahalanobisHead fit_mahalanobis(std::span<const float> embedding, std::span<const int> truth, std::size_t classes,
                                std::size_t components = 128);

/// Squared distance to the nearest class mean, for each embedding.
std::vector<double> mahalanobis_scores(const MahalanobisHead& head, std::span<const float> embedding);

}  // namespace naevus::train
