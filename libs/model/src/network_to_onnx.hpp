#pragma once
#include <string>

#include "naevus/network/graph.hpp"
#include "naevus/network/weights.hpp"
#include "onnx_builder.hpp"

namespace naevus::model {

/// Writes a network in its inference form: batch norm with its running statistics, no dropout. The tensors of its last
/// map, its embedding and its logits are called `features`, `embedding` and `logits`.
/// @param input  the tensor that the network reads, float32 [N, 3, H, W]
/// @throws Error if the state lacks a parameter or has one of another shape
void add_network(OnnxBuilder& builder, const network::Graph& graph, const network::StateDict& state,
                 const std::string& input);

}  // namespace naevus::model
