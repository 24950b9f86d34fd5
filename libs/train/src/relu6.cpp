#include "relu6.hpp"

#include <ATen/Parallel.h>

#include <cstdint>

namespace naevus::train {
namespace {

/// Bits of bfloat16 6.0. Numbers in (0, 6) are those whose bits lie between 0 and these.
constexpr std::uint16_t six = 0x40C0;

class Relu6 : public torch::autograd::Function<Relu6> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& x) {
    auto y = torch::clamp(x, 0, 6);
    context->save_for_backward({y});
    return y;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const auto y = context->get_saved_variables()[0];
    // The loop below walks memory, so both must lie in it in the same order.
    const auto gradient = gradients[0].contiguous(y.suggest_memory_format());
    const auto result = torch::empty_like(gradient);
    const auto* from = reinterpret_cast<const std::uint16_t*>(gradient.data_ptr<at::BFloat16>());
    const auto* value = reinterpret_cast<const std::uint16_t*>(y.data_ptr<at::BFloat16>());
    auto* to = reinterpret_cast<std::uint16_t*>(result.data_ptr<at::BFloat16>());
    at::parallel_for(0, y.numel(), 1 << 15, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i) {
        const bool inside = static_cast<std::uint16_t>(value[i] - 1U) < six - 1;
        to[i] = static_cast<std::uint16_t>(inside ? from[i] : 0U);
      }
    });
    return {result};
  }
};

}  // namespace

torch::Tensor relu6(const torch::Tensor& x) {
  const bool own = x.scalar_type() == torch::kBFloat16 && x.device().is_cpu() && x.requires_grad();
  return own ? Relu6::apply(x.contiguous(x.suggest_memory_format())) : torch::hardtanh(x, 0, 6);
}

}  // namespace naevus::train
