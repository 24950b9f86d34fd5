#include "graph_module.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "naevus/base/error.hpp"
#include "relu6.hpp"

namespace naevus::train {
namespace {

using network::Padding;

bool symmetric(const Padding& p) {
  return p.top == p.bottom && p.left == p.right;
}

torch::Tensor padded(const torch::Tensor& x, const Padding& p, double value) {
  return torch::constant_pad_nd(x, {p.left, p.right, p.top, p.bottom}, value);
}

struct Context {
  const std::vector<torch::Tensor>& in;
  const torch::Tensor* parameters;
  bool training;
  bool bf16;
  torch::Generator& generator;

  const torch::Tensor& x() const { return in.front(); }
};

torch::Tensor apply(const network::Input&, const Context& c) {
  return c.x();
}

/// The layer that sees the picture keeps all its bits, for a few hundredths of the time; depthwise windows wider than 3
/// take two to three times as long in bfloat16 as in float32 (bench/conv_bf16.cpp prints the times).
bool worth_bf16(const network::Conv& conv) {
  return conv.in >= 8 && (conv.groups == 1 || conv.kernel <= 3);
}

torch::Tensor apply(const network::Conv& conv, const Context& c) {
  const auto low = [&](const torch::Tensor& tensor) {
    return tensor.to(c.bf16 && worth_bf16(conv) ? torch::kBFloat16 : torch::kFloat32);
  };
  const auto bias = conv.bias ? low(c.parameters[1]) : torch::Tensor();
  const bool even = symmetric(conv.padding);
  const auto x = even ? low(c.x()) : padded(low(c.x()), conv.padding, 0);
  const std::vector<std::int64_t> padding =
      even ? std::vector<std::int64_t>{conv.padding.top, conv.padding.left} : std::vector<std::int64_t>{0, 0};
  const auto y = torch::conv2d(x, low(c.parameters[0]), bias, {conv.stride, conv.stride}, padding, {1, 1}, conv.groups);
  return c.bf16 ? y.to(torch::kBFloat16) : y;
}

torch::Tensor apply(const network::BatchNorm& norm, const Context& c) {
  const auto* p = c.parameters;
  return torch::batch_norm(c.x(), p[0], p[1], p[2], p[3], c.training, norm.momentum, norm.epsilon, false);
}

torch::Tensor apply(const network::Relu&, const Context& c) {
  return torch::relu(c.x());
}
torch::Tensor apply(const network::Relu6&, const Context& c) {
  return train::relu6(c.x());  // torch has one too
}
torch::Tensor apply(const network::Silu&, const Context& c) {
  return torch::silu(c.x());
}
torch::Tensor apply(const network::HardSigmoid&, const Context& c) {
  return torch::clamp(c.x() / 6 + 0.5, 0, 1);
}
torch::Tensor apply(const network::HardSwish&, const Context& c) {
  return c.x() * torch::clamp(c.x() / 6 + 0.5, 0, 1);
}
torch::Tensor apply(const network::Sigmoid&, const Context& c) {
  return torch::sigmoid(c.x());
}

torch::Tensor apply(const network::MaxPool& pool, const Context& c) {
  // max_pool2d pads by at most half the kernel and evenly; lowest finite value where it can't.
  if (symmetric(pool.padding) && 2 * std::max(pool.padding.top, pool.padding.left) <= pool.kernel) {
    return torch::max_pool2d(c.x(), {pool.kernel, pool.kernel}, {pool.stride, pool.stride},
                             {pool.padding.top, pool.padding.left});
  }
  const auto x = padded(c.x(), pool.padding, -std::numeric_limits<double>::infinity());
  return torch::max_pool2d(x, {pool.kernel, pool.kernel}, {pool.stride, pool.stride});
}

torch::Tensor apply(const network::AvgPool& pool, const Context& c) {
  return torch::avg_pool2d(padded(c.x(), pool.padding, 0), {pool.kernel, pool.kernel}, {pool.stride, pool.stride});
}

torch::Tensor apply(const network::GlobalAvgPool&, const Context& c) {
  return c.x().to(torch::kFloat32).mean({2, 3}, true);
}

torch::Tensor apply(const network::Linear& linear, const Context& c) {
  const auto x = c.x().to(torch::kFloat32);
  return linear.bias ? torch::linear(x, c.parameters[0], c.parameters[1]) : torch::linear(x, c.parameters[0]);
}

torch::Tensor apply(const network::Add&, const Context& c) {
  return c.in[0] + c.in[1];
}
torch::Tensor apply(const network::Mul&, const Context& c) {
  return c.in[0] * c.in[1].to(c.in[0].scalar_type());
}
torch::Tensor apply(const network::Concat&, const Context& c) {
  return torch::cat(c.in, 1);
}
torch::Tensor apply(const network::Flatten&, const Context& c) {
  return c.x().flatten(1);
}

torch::Tensor apply(const network::Dropout& dropout, const Context& c) {
  if (!c.training || dropout.rate <= 0) return c.x();
  const auto draw = torch::rand(c.x().sizes(), c.generator, torch::TensorOptions(torch::kFloat32)).to(c.x().device());
  const auto mask = (draw >= dropout.rate).to(c.x().scalar_type()) / (1 - dropout.rate);
  return c.x() * mask;
}

}  // namespace

torch::Tensor to_torch(const network::Tensor& tensor) {
  // from_blob asks for a pointer to non-const; clone copies before anything could write.
  auto* values = const_cast<float*>(tensor.values.data());  // NOLINT(cppcoreguidelines-pro-type-const-cast)
  return torch::from_blob(values, tensor.shape, torch::kFloat32).clone();
}

network::Tensor from_torch(const torch::Tensor& tensor) {
  const auto plain = tensor.detach().to(torch::kCPU, torch::kFloat32).contiguous();
  const auto* data = plain.data_ptr<float>();
  return {plain.sizes().vec(), std::vector<float>(data, data + plain.numel())};
}

GraphModule::GraphModule(network::Graph graph, const network::StateDict& state, const GraphModuleOptions& options)
    : graph_(std::move(graph)), options_(options), specs_(network::parameters(graph_)) {
  for (const auto& spec : specs_) {
    const auto found = state.find(spec.name);
    if (found == state.end() || found->second.shape != spec.shape) {
      throw InputError("the weights do not fit the network", spec.name);
    }
    auto tensor = to_torch(found->second).to(options_.device);
    if (options_.channels_last && tensor.dim() == 4) tensor = tensor.contiguous(torch::MemoryFormat::ChannelsLast);
    tensors_.push_back(tensor.set_requires_grad(spec.trainable));
  }
  std::size_t next = 0;
  last_use_.resize(graph_.nodes.size());
  for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
    const auto& node = graph_.nodes[i];
    first_parameter_.push_back(next);
    while (next < specs_.size() && specs_[next].name.starts_with(node.name + ".") &&
           specs_[next].name.find('.', node.name.size() + 1) == std::string::npos) {
      ++next;
    }
    for (const int input : node.inputs) last_use_[static_cast<std::size_t>(input)] = static_cast<int>(i);
  }
}

torch::Tensor GraphModule::run(const network::Node& node, std::size_t first, const std::vector<torch::Tensor>& values,
                               bool training, torch::Generator& generator) {
  std::vector<torch::Tensor> in;
  for (const int input : node.inputs) in.push_back(values[static_cast<std::size_t>(input)]);
  const Context context{in, tensors_.data() + first, training, options_.bf16 && training, generator};
  return std::visit([&](const auto& operation) { return apply(operation, context); }, node.operation);
}

GraphModule::Result GraphModule::forward(const torch::Tensor& image, bool training, torch::Generator& generator) {
  std::vector<torch::Tensor> values(graph_.nodes.size());
  values[0] = image.to(options_.device);
  if (options_.channels_last) values[0] = values[0].contiguous(torch::MemoryFormat::ChannelsLast);
  const auto embedding = static_cast<std::size_t>(graph_.embedding);
  Result result;
  for (std::size_t i = 1; i < graph_.nodes.size(); ++i) {
    const auto& node = graph_.nodes[i];
    values[i] = run(node, first_parameter_[i], values, training, generator);
    if (i == embedding) result.embedding = values[i].to(torch::kFloat32).flatten(1);
    for (const int input : node.inputs) {  // frees what autograd does not hold
      if (last_use_[static_cast<std::size_t>(input)] == static_cast<int>(i))
        values[static_cast<std::size_t>(input)] = torch::Tensor();
    }
  }
  result.logits = values.back().to(torch::kFloat32);
  return result;
}

network::StateDict GraphModule::state() const {
  network::StateDict state;
  for (std::size_t i = 0; i < specs_.size(); ++i) state[specs_[i].name] = from_torch(tensors_[i]);
  return state;
}

}  // namespace naevus::train
