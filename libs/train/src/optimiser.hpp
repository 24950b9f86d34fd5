#pragma once
#include <torch/torch.h>

#include <string>
#include <vector>

#include "naevus/network/weights.hpp"

namespace naevus::train {

struct OptimiserOptions {
  std::string kind = "adamw";  ///< sgd (Nesterov), adam, adamw
  double weight_decay = 0, momentum = 0.9;
};

/// SGD with Nesterov momentum (Sutskever et al. 2013), Adam (Kingma & Ba 2015) and AdamW (Loshchilov & Hutter 2019),
/// the update rules of torch::optim. Its own, since torch::optim keys its state by the parameters' addresses, so that a
/// checkpoint can't name it.
class Optimiser {
 public:
  struct Parameter {
    std::string name;
    torch::Tensor tensor;
    double factor = 1;    ///< on the learning rate
    bool decayed = true;  ///< weight decay: not for biases and batch norm
  };

  Optimiser(std::vector<Parameter> parameters, const OptimiserOptions& options);

  /// @param count  number of this step, from 1
  void step(double learning_rate, std::uint64_t count);
  void clear_gradients();

  network::StateDict state() const;
  /// @throws InputError if a moment is missing or of another shape
  void restore(const network::StateDict& state);

 private:
  std::vector<Parameter> parameters_;
  OptimiserOptions options_;
  std::vector<torch::Tensor> first_, second_;
};

}  // namespace naevus::train
