#pragma once
#include <torch/torch.h>

#include <string>
#include <vector>

#include "naevus/network/graph.hpp"
#include "naevus/network/weights.hpp"

namespace naevus::train {

struct GraphModuleOptions {
  bool channels_last = true;
  bool bf16 = false;  ///< convolutions and activations in bfloat16 while training; parameters and sums stay float32
  torch::Device device = torch::kCPU;
};

/// Runs a network graph in LibTorch. Parameters are float32 leaf tensors in the order of network::parameters().
class GraphModule {
 public:
  /// @param state  holds every parameter of the graph, of its shape
  GraphModule(network::Graph graph, const network::StateDict& state, const GraphModuleOptions& options);

  struct Result {
    torch::Tensor logits;     ///< [N, classes], float32
    torch::Tensor embedding;  ///< [N, D], float32
  };

  /// @param image  [N, 3, H, W], float32, normalised
  /// @param generator  draws the dropout masks; used in training alone
  Result forward(const torch::Tensor& image, bool training, torch::Generator& generator);

  const network::Graph& graph() const { return graph_; }
  const std::vector<network::ParameterSpec>& specs() const { return specs_; }
  /// Tensors of specs(), same order.
  const std::vector<torch::Tensor>& tensors() const { return tensors_; }
  network::StateDict state() const;

 private:
  torch::Tensor run(const network::Node& node, std::size_t first, const std::vector<torch::Tensor>& values,
                    bool training, torch::Generator& generator);

  network::Graph graph_;
  GraphModuleOptions options_;
  std::vector<network::ParameterSpec> specs_;
  std::vector<torch::Tensor> tensors_;
  std::vector<std::size_t> first_parameter_;  ///< of each node, an index into tensors_
  std::vector<int> last_use_;                 ///< the last node that reads each node's value
};

/// Float32 copies between the two worlds.
torch::Tensor to_torch(const network::Tensor& tensor);
network::Tensor from_torch(const torch::Tensor& tensor);

}  // namespace naevus::train
