#include "naevus/network/graph.hpp"

#include "naevus/base/error.hpp"
#include "shape.hpp"

namespace naevus::network {

std::vector<ParameterSpec> parameters(const Graph& graph) {
  std::vector<ParameterSpec> specs;
  for (const Node& node : graph.nodes) {
    if (const auto* conv = std::get_if<Conv>(&node.operation)) {
      specs.push_back({node.name + ".weight", {conv->out, conv->in / conv->groups, conv->kernel, conv->kernel}});
      if (conv->bias) specs.push_back({node.name + ".bias", {conv->out}});
    } else if (const auto* linear = std::get_if<Linear>(&node.operation)) {
      specs.push_back({node.name + ".weight", {linear->out, linear->in}});
      if (linear->bias) specs.push_back({node.name + ".bias", {linear->out}});
    } else if (const auto* norm = std::get_if<BatchNorm>(&node.operation)) {
      for (const char* part : {".weight", ".bias"}) specs.push_back({node.name + part, {norm->channels}});
      for (const char* part : {".running_mean", ".running_var"})
        specs.push_back({node.name + part, {norm->channels}, false});
    }
  }
  return specs;
}

std::vector<std::vector<std::int64_t>> shapes(const Graph& graph) {
  std::vector<Shape> result;
  result.reserve(graph.nodes.size());
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    if (i == 0) {
      if (!std::holds_alternative<Input>(node.operation))
        throw Error("this network is not sound: its first step is no input", node.name);
      result.push_back({3, graph.height, graph.width});
      continue;
    }
    std::vector<Shape> inputs;
    for (const int input : node.inputs) {
      if (input < 0 || static_cast<std::size_t>(input) >= i)
        throw Error("this network is not sound: the step reads from one that comes after it", node.name);
      inputs.push_back(result[static_cast<std::size_t>(input)]);
    }
    result.push_back(result_shape(node, inputs));
  }
  return result;
}

}  // namespace naevus::network
