#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace naevus::network {

/// Rows and columns of zeros added before the window slides.
struct Padding {
  int top = 0, left = 0, bottom = 0, right = 0;
  bool operator==(const Padding&) const = default;
};

/// The operations. Tensors are NCHW float32. Parameters are named after the node: conv and linear have `<name>.weight`
/// ([out, in / groups, kh, kw]; [out, in]) and, with bias, `<name>.bias`; batch_norm has `<name>.weight`, `.bias`,
/// `.running_mean`, `.running_var`, each [channels].
struct Input {};
struct Conv {
  int in = 0, out = 0;
  int kernel = 1, stride = 1, groups = 1;
  Padding padding;
  bool bias = false;
};
struct BatchNorm {
  int channels = 0;
  float epsilon = 1e-5F;
  float momentum = 0.1F;  ///< the new batch's share in the running statistics, as PyTorch counts it
};
struct Relu {};
struct Relu6 {};
struct Silu {};
struct HardSwish {};
struct HardSigmoid {};
struct Sigmoid {};
struct MaxPool {
  int kernel = 2, stride = 2;
  Padding padding;  ///< padded with minus infinity
};
struct AvgPool {
  int kernel = 2, stride = 2;
  Padding padding;  ///< padded zeros count in the mean
};
struct GlobalAvgPool {};  ///< [N, C, H, W] -> [N, C, 1, 1]
struct Linear {
  int in = 0, out = 0;
  bool bias = true;
};
struct Add {};     ///< of two tensors of one shape
struct Mul {};     ///< of two tensors; [N, C, 1, 1] spreads over [N, C, H, W]
struct Concat {};  ///< along the channels
struct Dropout {
  float rate = 0.5F;
};
struct Flatten {};  ///< [N, C, H, W] -> [N, C * H * W]

using Operation = std::variant<Input, Conv, BatchNorm, Relu, Relu6, Silu, HardSwish, HardSigmoid, Sigmoid, MaxPool,
                               AvgPool, GlobalAvgPool, Linear, Add, Mul, Concat, Dropout, Flatten>;

/// One step. Inputs are indices of earlier nodes.
struct Node {
  std::string name;  ///< unique; the prefix of its parameters
  Operation operation;
  std::vector<int> inputs;
};

/// An architecture as data. Node 0 is the Input; each node comes after its inputs; the last gives the logits [N,
/// classes].
struct Graph {
  std::string architecture;
  int classes = 0;
  int width = 0, height = 0;  ///< of the input
  std::vector<Node> nodes;
  int features = -1;   ///< the node that gives the last feature map [N, C, h, w]
  int embedding = -1;  ///< the node that gives the vector before the head [N, D] (flattened)
};

/// A parameter or buffer that a graph asks for.
struct ParameterSpec {
  std::string name;
  std::vector<std::int64_t> shape;
  bool trainable = true;  ///< false for running statistics
};

/// All parameters and buffers, in node order.
std::vector<ParameterSpec> parameters(const Graph& graph);

/// Shape of each node's result for a batch of one: [C, H, W] or [C].
/// @throws Error if a node's input does not fit it (names the node)
std::vector<std::vector<std::int64_t>> shapes(const Graph& graph);

}  // namespace naevus::network
