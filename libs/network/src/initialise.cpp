#include <cmath>

#include "naevus/base/random.hpp"
#include "naevus/network/weights.hpp"

namespace naevus::network {
namespace {

std::size_t count(const std::vector<std::int64_t>& shape) {
  std::size_t product = 1;
  for (const std::int64_t side : shape) product *= static_cast<std::size_t>(side);
  return product;
}

}  // namespace

StateDict initialise(const Graph& graph, std::uint64_t seed) {
  StateDict state;
  std::uint64_t number = 0;
  const auto add = [&](const std::string& name, std::vector<std::int64_t> shape, auto&& draw) {
    Random random(seed, {number++});
    Tensor tensor{std::move(shape), {}};
    tensor.values.resize(count(tensor.shape));
    for (float& value : tensor.values) value = static_cast<float>(draw(random));
    state.emplace(name, std::move(tensor));
  };
  const auto constant = [](float value) { return [value](Random&) { return value; }; };

  for (const Node& node : graph.nodes) {
    if (const auto* conv = std::get_if<Conv>(&node.operation)) {
      const double fan_out = double{1} * conv->kernel * conv->kernel * conv->out / conv->groups;
      add(node.name + ".weight", {conv->out, conv->in / conv->groups, conv->kernel, conv->kernel},
          [scale = std::sqrt(2 / fan_out)](Random& random) { return scale * random.normal(); });
      if (conv->bias) add(node.name + ".bias", {conv->out}, constant(0));
    } else if (const auto* linear = std::get_if<Linear>(&node.operation)) {
      const auto uniform = [scale = 1 / std::sqrt(static_cast<double>(linear->in))](Random& random) {
        return random.uniform(-scale, scale);
      };
      add(node.name + ".weight", {linear->out, linear->in}, uniform);
      if (linear->bias) add(node.name + ".bias", {linear->out}, uniform);
    } else if (const auto* norm = std::get_if<BatchNorm>(&node.operation)) {
      add(node.name + ".weight", {norm->channels}, constant(1));
      add(node.name + ".bias", {norm->channels}, constant(0));
      add(node.name + ".running_mean", {norm->channels}, constant(0));
      add(node.name + ".running_var", {norm->channels}, constant(1));
    }
  }
  return state;
}

}  // namespace naevus::network
