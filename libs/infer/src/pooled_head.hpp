#pragma once
#include <filesystem>
#include <span>
#include <vector>

#include "naevus/infer/classifier.hpp"

namespace naevus::infer {

/// The linear layer behind the global mean of a network's last map.
struct PooledHead {
  std::size_t channels = 0;
  std::vector<float> weight;  ///< [classes, channels]
  std::vector<float> bias;    ///< [classes]
};

/// @throws InputError if the model is not ours or its head is another
PooledHead read_pooled_head(const std::filesystem::path& model);

/// @param features  [channels, height, width]
ActivationMap activation_map(const PooledHead& head, std::span<const float> features, int width, int height,
                             std::size_t class_index);

/// Bilinear, with the corners of the pictures, not the centres of their corner pixels, in the same place.
std::vector<float> enlarge(const ActivationMap& map, int width, int height);

}  // namespace naevus::infer
