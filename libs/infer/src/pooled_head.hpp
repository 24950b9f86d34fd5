#pragma once
#include <span>
#include <string>
#include <vector>

#include "naevus/infer/classifier.hpp"
#include "naevus/model/model_file.hpp"

namespace naevus::infer {

/// The linear layer behind the global mean of a network's last map.
struct PooledHead {
  std::size_t channels = 0;
  std::vector<float> weight;  ///< [classes, channels]
  std::vector<float> bias;    ///< [classes]
};

/// @param where  names the model in errors
/// @throws InputError if its head is another
PooledHead pooled_head(const model::Model& model, const std::string& where);

/// @param features  [channels, height, width]
ActivationMap activation_map(const PooledHead& head, std::span<const float> features, int width, int height,
                             std::size_t class_index);

/// Bilinear, with the corners of the pictures, not the centres of their corner pixels, in the same place.
std::vector<float> enlarge(const ActivationMap& map, int width, int height);

}  // namespace naevus::infer
