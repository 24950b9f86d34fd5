#pragma once
#include "naevus/network/architectures.hpp"

/// One function for each family of architectures.
namespace naevus::network {

Graph scratch_cnn(const ArchitectureOptions& options);
Graph vgg16(const ArchitectureOptions& options, bool batch_norm);
/// @param depth  18, 34 or 50
Graph resnet(const ArchitectureOptions& options, int depth);
Graph efficientnet_lite0(const ArchitectureOptions& options);

}  // namespace naevus::network
