#include "pooled_head.hpp"

#include <algorithm>
#include <cmath>

#include "naevus/base/error.hpp"

namespace naevus::infer {
namespace {

using network::Graph;

/// The node's only input, past dropout and flattening, which change no number here.
int source(const Graph& graph, int node) {
  do {
    node = graph.nodes[static_cast<std::size_t>(node)].inputs.at(0);
  } while (std::holds_alternative<network::Dropout>(graph.nodes[static_cast<std::size_t>(node)].operation) ||
           std::holds_alternative<network::Flatten>(graph.nodes[static_cast<std::size_t>(node)].operation));
  return node;
}

bool is_pooled_linear(const Graph& graph) {
  const auto last = static_cast<int>(graph.nodes.size()) - 1;
  if (!std::holds_alternative<network::Linear>(graph.nodes.back().operation)) return false;
  const int pool = source(graph, last);
  return std::holds_alternative<network::GlobalAvgPool>(graph.nodes[static_cast<std::size_t>(pool)].operation) &&
         source(graph, pool) == graph.features;
}

/// Where an output position falls between two of `size` inputs.
struct Between {
  std::size_t low, high;
  float share;  ///< of high
};

std::vector<Between> positions(int out, int size) {
  std::vector<Between> all;
  for (int i = 0; i < out; ++i) {
    const float centre = (static_cast<float>(i) + 0.5F) * static_cast<float>(size) / static_cast<float>(out) - 0.5F;
    const float inside = std::clamp(centre, 0.0F, static_cast<float>(size - 1));
    const auto low = static_cast<std::size_t>(inside);
    all.push_back({low, std::min(low + 1, static_cast<std::size_t>(size) - 1), inside - static_cast<float>(low)});
  }
  return all;
}

}  // namespace

PooledHead pooled_head(const model::Model& model, const std::string& where) {
  if (!is_pooled_linear(model.graph))
    throw InputError(
        "no activation maps for " + model.graph.architecture, where,
        "they need a network whose last map is averaged into one linear layer, such as EfficientNet-Lite or "
        "ResNet");
  const auto& name = model.graph.nodes.back().name;
  const auto& weight = model.state.at(name + ".weight");
  PooledHead head{.channels = static_cast<std::size_t>(weight.shape.at(1)),
                  .weight = weight.values,
                  .bias = std::vector<float>(static_cast<std::size_t>(weight.shape.at(0)))};
  if (const auto bias = model.state.find(name + ".bias"); bias != model.state.end()) head.bias = bias->second.values;
  return head;
}

ActivationMap activation_map(const PooledHead& head, std::span<const float> features, int width, int height,
                             std::size_t class_index) {
  const std::size_t places = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  ActivationMap map{width, height, std::vector<float>(places), head.bias.at(class_index)};
  const float* weight = head.weight.data() + class_index * head.channels;
  for (std::size_t channel = 0; channel < head.channels; ++channel)
    for (std::size_t i = 0; i < places; ++i) map.values[i] += weight[channel] * features[channel * places + i];
  return map;
}

std::vector<float> enlarge(const ActivationMap& map, int width, int height) {
  const auto columns = positions(width, map.width), rows = positions(height, map.height);
  const auto value = [&map](std::size_t y, std::size_t x) {
    return map.values[y * static_cast<std::size_t>(map.width) + x];
  };
  std::vector<float> out;
  out.reserve(columns.size() * rows.size());
  for (const Between& y : rows)
    for (const Between& x : columns)
      out.push_back(std::lerp(std::lerp(value(y.low, x.low), value(y.low, x.high), x.share),
                              std::lerp(value(y.high, x.low), value(y.high, x.high), x.share), y.share));
  return out;
}

}  // namespace naevus::infer
