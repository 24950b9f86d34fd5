#include "builder.hpp"

#include <algorithm>
#include <utility>

namespace naevus::network {

Padding around(int size) {
  return {size, size, size, size};
}

Builder::Builder(std::string architecture, const ArchitectureOptions& options) {
  graph_.architecture = std::move(architecture);
  graph_.classes = options.classes;
  graph_.width = options.width;
  graph_.height = options.height;
  graph_.nodes.push_back({"image", Input{}, {}});
  shapes_.push_back({3, options.height, options.width});
}

int Builder::conv(int from, std::string name, const ConvOptions& options) {
  return apply(Conv{static_cast<int>(channels(from)), options.out, options.kernel, options.stride, options.groups,
                    options.padding, options.bias},
               {from}, std::move(name));
}

int Builder::batch_norm(int from, std::string name, float epsilon, float momentum) {
  return apply(BatchNorm{static_cast<int>(channels(from)), epsilon, momentum}, {from}, std::move(name));
}

int Builder::linear(int from, std::string name, int out) {
  return apply(Linear{static_cast<int>(channels(from)), out, true}, {from}, std::move(name));
}

int Builder::apply(Operation operation, std::vector<int> from, std::string name) {
  Node node{std::move(name), std::move(operation), std::move(from)};
  std::vector<Shape> inputs;
  for (const int input : node.inputs) inputs.push_back(shape(input));
  shapes_.push_back(result_shape(node, inputs));
  graph_.nodes.push_back(std::move(node));
  return static_cast<int>(graph_.nodes.size()) - 1;
}

Padding Builder::same_padding(int from, int kernel, int stride) const {
  const auto total = [&](std::int64_t size) {
    const std::int64_t steps = (size + stride - 1) / stride;
    return static_cast<int>(std::max<std::int64_t>(0, (steps - 1) * stride + kernel - size));
  };
  const int rows = total(shape(from)[1]), columns = total(shape(from)[2]);
  return {rows / 2, columns / 2, rows - rows / 2, columns - columns / 2};
}

Graph Builder::pooled_head(int features, std::string name, double dropout) {
  mark_features(features);
  int x = apply(GlobalAvgPool{}, {features}, "pool");
  x = apply(Flatten{}, {x}, "embedding");
  mark_embedding(x);
  if (dropout > 0) x = apply(Dropout{static_cast<float>(dropout)}, {x}, "dropout");
  linear(x, std::move(name), graph_.classes);
  return finish();
}

}  // namespace naevus::network
