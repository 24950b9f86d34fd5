#include "optimiser.hpp"

#include <cmath>

#include "graph_module.hpp"
#include "naevus/base/error.hpp"

namespace naevus::train {
namespace {

constexpr double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;

void restore_moment(torch::Tensor& moment, const network::StateDict& state, const std::string& name) {
  const auto found = state.find(name);
  if (found == state.end() || found->second.shape != moment.sizes().vec()) {
    throw InputError("the optimiser's state does not fit the network", name);
  }
  moment.copy_(to_torch(found->second));
}

}  // namespace

Optimiser::Optimiser(std::vector<Parameter> parameters, const OptimiserOptions& options)
    : parameters_(std::move(parameters)), options_(options) {
  const torch::NoGradGuard guard;
  for (const auto& p : parameters_) {
    first_.push_back(torch::zeros_like(p.tensor));
    if (options_.kind != "sgd") second_.push_back(torch::zeros_like(p.tensor));
  }
}

void Optimiser::step(double learning_rate, std::uint64_t count) {
  const torch::NoGradGuard guard;
  const auto n = static_cast<double>(count);
  const double correction1 = 1 - std::pow(beta1, n), correction2 = std::sqrt(1 - std::pow(beta2, n));
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const auto& p = parameters_[i];
    auto weight = p.tensor.detach();
    auto gradient = p.tensor.grad();
    if (!gradient.defined()) continue;
    const double rate = learning_rate * p.factor;
    const double decay = p.decayed ? options_.weight_decay : 0;
    if (options_.kind == "adamw") {
      weight.mul_(1 - rate * decay);
    } else if (decay != 0) {
      gradient = gradient.add(weight, decay);
    }
    if (options_.kind == "sgd") {
      first_[i].mul_(options_.momentum).add_(gradient);
      weight.add_(gradient.add(first_[i], options_.momentum), -rate);
    } else {
      first_[i].mul_(beta1).add_(gradient, 1 - beta1);
      second_[i].mul_(beta2).addcmul_(gradient, gradient, 1 - beta2);
      weight.addcdiv_(first_[i], second_[i].sqrt().div_(correction2).add_(epsilon), -rate / correction1);
    }
  }
}

void Optimiser::clear_gradients() {
  for (auto& p : parameters_) p.tensor.mutable_grad().reset();
}

network::StateDict Optimiser::state() const {
  network::StateDict state;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    state["first/" + parameters_[i].name] = from_torch(first_[i]);
    if (!second_.empty()) state["second/" + parameters_[i].name] = from_torch(second_[i]);
  }
  return state;
}

void Optimiser::restore(const network::StateDict& state) {
  const torch::NoGradGuard guard;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    restore_moment(first_[i], state, "first/" + parameters_[i].name);
    if (!second_.empty()) restore_moment(second_[i], state, "second/" + parameters_[i].name);
  }
}

}  // namespace naevus::train
