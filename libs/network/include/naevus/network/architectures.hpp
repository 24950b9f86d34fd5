#pragma once
#include <array>
#include <string>
#include <vector>

#include "naevus/network/graph.hpp"

namespace naevus::network {

struct ArchitectureOptions {
  int classes = 7;
  int width = 224, height = 224;
  double dropout = 0.2;  ///< before the head, where the architecture has one
};

/// Builds an architecture by name.
/// @throws UsageError for an unknown name (lists the known ones) or an input size that it can't take
Graph build(const std::string& architecture, const ArchitectureOptions& options);

/// What a user may choose.
struct Architecture {
  std::string name;                    ///< "efficientnet-lite0", "resnet18", "scratch-cnn", ...
  std::string summary;                 ///< one line: size, origin
  int input = 224;                     ///< the usual input side
  std::array<float, 3> mean{}, std{};  ///< what its published weights expect of the input, in 0..255
};
const std::vector<Architecture>& architectures();
/// @throws UsageError as build
const Architecture& find_architecture(const std::string& name);

}  // namespace naevus::network
