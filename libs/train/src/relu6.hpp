#pragma once
#include <torch/torch.h>

namespace naevus::train {

/// min(max(x, 0), 6) with a gradient that LibTorch 1.13 lacks for bfloat16 on the CPU (its hardtanh has none, and
/// clamp's takes four times as long as all the rest of the layer).
torch::Tensor relu6(const torch::Tensor& x);

}  // namespace naevus::train
