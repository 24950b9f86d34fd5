#pragma once
#include <string>
#include <vector>

#include "naevus/network/architectures.hpp"
#include "naevus/network/graph.hpp"
#include "shape.hpp"

namespace naevus::network {

/// The same number of zeros on all four sides.
Padding around(int size);

/// What a convolution does not read off its input.
struct ConvOptions {
  int out = 0;
  int kernel = 1, stride = 1, groups = 1;
  Padding padding;
  bool bias = false;
};

/// Writes a graph down step by step. Each call returns the new node's index and reads the channels off its input.
class Builder {
 public:
  Builder(std::string architecture, const ArchitectureOptions& options);

  int input() const { return 0; }
  int conv(int from, std::string name, const ConvOptions& options);
  int batch_norm(int from, std::string name, float epsilon = 1e-5F, float momentum = 0.1F);
  int linear(int from, std::string name, int out);
  /// Any operation without parameters; `name` must be new.
  int apply(Operation operation, std::vector<int> from, std::string name);

  std::int64_t channels(int node) const { return shape(node)[0]; }
  const Shape& shape(int node) const { return shapes_[static_cast<std::size_t>(node)]; }
  /// Padding as TensorFlow's SAME counts it for a map of this size: the odd row and column at the bottom and the right.
  Padding same_padding(int from, int kernel, int stride) const;

  void mark_features(int node) { graph_.features = node; }
  void mark_embedding(int node) { graph_.embedding = node; }
  /// The usual end: global average pool (the embedding), dropout where `dropout` is above 0, linear layer `name`.
  Graph pooled_head(int features, std::string name, double dropout);
  Graph finish() { return std::move(graph_); }

 private:
  Graph graph_;
  std::vector<Shape> shapes_;
};

}  // namespace naevus::network
