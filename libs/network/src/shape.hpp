#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "naevus/network/graph.hpp"

namespace naevus::network {

using Shape = std::vector<std::int64_t>;

/// Shape of one operation's result, without the batch dimension.
/// @throws Error naming the node if the inputs do not fit it
Shape result_shape(const Node& node, const std::vector<Shape>& inputs);

}  // namespace naevus::network
