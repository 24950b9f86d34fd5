#include "trainer.hpp"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <optional>
#include <span>
#include <string>

#include "graph_module.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/random.hpp"
#include "naevus/image/colour_constancy.hpp"
#include "optimiser.hpp"

namespace naevus::train {
namespace {

torch::Device device_of(const TrainerOptions& options) {
  if (!options.cuda) return torch::kCPU;
  if (!torch::cuda::is_available()) {
    throw UsageError("there is no CUDA device for this LibTorch (" + libtorch_version() + ")", "--device cuda",
                     "train with --device cpu, or build with -DNAEVUS_CUDA=ON -DLIBTORCH_DIR=<a LibTorch with CUDA>");
  }
  return torch::kCUDA;
}

torch::Tensor row(const std::vector<double>& values, const torch::Device& device) {
  return torch::tensor(values, torch::kFloat32).to(device);
}

/// The last linear layer's parameters.
std::string head_prefix(const network::Graph& graph) {
  for (auto node = graph.nodes.rbegin(); node != graph.nodes.rend(); ++node) {
    if (std::holds_alternative<network::Linear>(node->operation)) return node->name + ".";
  }
  return graph.nodes.back().name + ".";
}

std::vector<Optimiser::Parameter> trained_parameters(const GraphModule& module, const TrainerOptions& options) {
  const std::string head = head_prefix(module.graph());
  std::vector<Optimiser::Parameter> list;
  for (std::size_t i = 0; i < module.specs().size(); ++i) {
    const auto& spec = module.specs()[i];
    if (!spec.trainable) continue;
    list.push_back({.name = spec.name,
                    .tensor = module.tensors()[i],
                    .factor = spec.name.starts_with(head) ? options.head_factor : 1.0,
                    .decayed = spec.shape.size() > 1});
  }
  return list;
}

void copy_into(const GraphModule& module, const network::StateDict& state) {
  const torch::NoGradGuard guard;
  for (std::size_t i = 0; i < module.specs().size(); ++i) {
    const auto& spec = module.specs()[i];
    const auto found = state.find(spec.name);
    if (found == state.end() || found->second.shape != spec.shape) {
      throw InputError("the weights do not fit the network", spec.name);
    }
    module.tensors()[i].detach().copy_(to_torch(found->second));
  }
}

}  // namespace

struct Trainer::Impl {
  TrainerOptions options;
  torch::Device device;
  GraphModule module;
  std::optional<GraphModule> average;
  Optimiser optimiser;
  torch::Tensor mean, scale, class_weight, adjustment;
  std::int64_t width, height;
  std::uint64_t steps = 0;

  Impl(const network::Graph& graph, const network::StateDict& weights, const TrainerOptions& given)
      : options(given),
        device(device_of(given)),
        module(graph, weights, {.channels_last = given.channels_last, .bf16 = given.bf16, .device = device}),
        optimiser(trained_parameters(module, given),
                  {.kind = given.optimiser, .weight_decay = given.weight_decay, .momentum = given.momentum}),
        width(graph.width),
        height(graph.height) {
    if (given.ema > 0) average.emplace(graph, weights, GraphModuleOptions{given.channels_last, false, device});
    mean = torch::tensor({given.mean[0], given.mean[1], given.mean[2]}).view({1, 3, 1, 1}).to(device);
    scale = torch::tensor({given.std[0], given.std[1], given.std[2]}).view({1, 3, 1, 1}).to(device);
    if (!given.class_weight.empty()) class_weight = row(given.class_weight, device);
    if (!given.logit_adjustment.empty()) adjustment = row(given.logit_adjustment, device);
  }

  /// [n, 3, 1, 1]: what colour constancy multiplies each picture's channels by.
  torch::Tensor gains(const Batch& batch) const {
    const auto count = static_cast<std::int64_t>(batch.labels.size());
    const auto size = static_cast<std::size_t>(3 * width * height);
    const auto result = torch::empty({count, 3, 1, 1}, torch::kFloat32);
    for (std::size_t i = 0; i < batch.labels.size(); ++i) {
      const auto of_picture =
          image::colour_gains(std::span(batch.pixels).subspan(i * size, size), options.colour_constancy);
      std::copy(of_picture.begin(), of_picture.end(), result.data_ptr<float>() + 3 * i);
    }
    return result.to(device);
  }

  torch::Tensor input(const Batch& batch) const {
    const auto count = static_cast<std::int64_t>(batch.labels.size());
    auto* pixels =
        const_cast<std::uint8_t*>(batch.pixels.data());  // NOLINT(cppcoreguidelines-pro-type-const-cast): read only
    const auto bytes = torch::from_blob(pixels, {count, height, width, 3}, torch::kUInt8);
    auto values = bytes.to(device, torch::kFloat32).permute({0, 3, 1, 2});
    if (options.colour_constancy != image::ColourConstancy::none) values = (values * gains(batch)).clamp_max(255);
    return (values - mean) / scale;
  }

  /// With logit adjustment (Menon et al. 2021) the smoothed share follows the classes' frequencies: spread evenly, it
  /// would ask for rare classes far more often than they occur, and the adjustment would make that a bias to them.
  torch::Tensor target(const torch::Tensor& labels) const {
    if (!adjustment.defined() || options.label_smoothing <= 0) return labels;
    const auto sure = torch::one_hot(labels, adjustment.numel()).to(torch::kFloat32);
    return (1 - options.label_smoothing) * sure + options.label_smoothing * torch::softmax(adjustment, 0);
  }

  /// Every loss here is linear in the target, so that of a mixed truth is the mix of the losses, whatever the
  /// balancing.
  torch::Tensor loss(const torch::Tensor& logits, const Batch& batch) const {
    const auto own = loss(logits, batch.labels);
    if (batch.partners.empty()) return own;
    return batch.share * own + (1 - batch.share) * loss(logits, batch.partners);
  }

  torch::Tensor loss(const torch::Tensor& logits, const std::vector<std::int64_t>& truth) const {
    const auto labels = torch::tensor(truth, torch::kInt64).to(device);
    if (adjustment.defined()) return torch::cross_entropy_loss(logits + adjustment, target(labels));
    auto how = torch::nn::functional::CrossEntropyFuncOptions().label_smoothing(options.label_smoothing);
    if (class_weight.defined()) how = how.weight(class_weight).reduction(torch::kSum);
    const auto sum = torch::nn::functional::cross_entropy(logits, labels, how);
    // Divided by the number of pictures, not by the sum of their weights: one rare picture must not weigh a whole
    // batch.
    return class_weight.defined() ? sum / static_cast<double>(truth.size()) : sum;
  }

  /// The mean's window grows with the steps, so that the random start is soon forgotten.
  void follow() {
    if (!average) return;
    const torch::NoGradGuard guard;
    const auto n = static_cast<double>(steps);
    const double decay = std::min(options.ema, (1 + n) / (10 + n));
    for (std::size_t i = 0; i < module.tensors().size(); ++i) {
      average->tensors()[i].detach().lerp_(module.tensors()[i].detach(), 1 - decay);
    }
  }
};

Trainer::Trainer(const network::Graph& graph, const network::StateDict& weights, const TrainerOptions& options) {
  torch::set_num_threads(options.threads);
  impl_ = std::make_unique<Impl>(graph, weights, options);
}

Trainer::~Trainer() = default;

double Trainer::step(const Batch& batch, double learning_rate) {
  auto& self = *impl_;
  auto generator =
      torch::make_generator<torch::CPUGeneratorImpl>(Random(self.options.seed, {0x64726f70, self.steps}).next());
  const auto loss = self.loss(self.module.forward(self.input(batch), true, generator).logits, batch);
  const auto value = loss.item<double>();
  if (!std::isfinite(value)) return value;
  self.optimiser.clear_gradients();
  loss.backward();
  ++self.steps;
  self.optimiser.step(learning_rate, self.steps);
  self.follow();
  return value;
}

Outputs Trainer::predict(const Batch& batch) {
  auto& self = *impl_;
  const torch::NoGradGuard guard;
  auto generator = torch::make_generator<torch::CPUGeneratorImpl>();
  auto& module = self.average ? *self.average : self.module;
  const auto result = module.forward(self.input(batch), false, generator);
  const auto logits = result.logits.to(torch::kCPU, torch::kFloat64).contiguous();
  Outputs outputs;
  outputs.logits.assign(logits.data_ptr<double>(), logits.data_ptr<double>() + logits.numel());
  outputs.embedding = from_torch(result.embedding).values;
  return outputs;
}

TrainerState Trainer::state() const {
  TrainerState state;
  state.weights = impl_->module.state();
  if (impl_->average) state.average = impl_->average->state();
  state.optimiser = impl_->optimiser.state();
  state.steps = impl_->steps;
  return state;
}

void Trainer::restore(const TrainerState& state) {
  copy_into(impl_->module, state.weights);
  if (impl_->average) copy_into(*impl_->average, state.average);
  impl_->optimiser.restore(state.optimiser);
  impl_->steps = state.steps;
}

network::StateDict Trainer::best_weights() const {
  return impl_->average ? impl_->average->state() : impl_->module.state();
}

bool cpu_has_bf16() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("flags")) continue;
    return line.find(" avx512_bf16") != std::string::npos || line.find(" amx_bf16") != std::string::npos;
  }
  return false;
}

std::string libtorch_version() {
  return TORCH_VERSION;
}

}  // namespace naevus::train
