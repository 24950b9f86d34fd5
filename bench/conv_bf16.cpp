// Prints how long a convolution takes forward and backward in float32 and in bfloat16, for kinds that
// EfficientNet-Lite0 has: which of them train in bfloat16 (libs/train/src/graph_module.cpp, worth_bf16) follows from
// this on a CPU that multiplies bfloat16 in hardware. usage: conv_bf16 [THREADS]

#include <torch/torch.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

namespace {

struct Kind {
  const char* name;
  int in, out, kernel, stride, groups, side;
};

/// The median of nine, in milliseconds, of a batch of 32.
double milliseconds(const Kind& kind, torch::ScalarType type) {
  const auto options = torch::TensorOptions(type);
  const auto order = torch::MemoryFormat::ChannelsLast;
  const auto x = torch::randn({32, kind.in, kind.side, kind.side}).to(options).contiguous(order);
  const auto weight = torch::randn({kind.out, kind.in / kind.groups, kind.kernel, kind.kernel}).to(options);
  const auto image = x.set_requires_grad(kind.in > 3), filter = weight.contiguous(order).set_requires_grad(true);
  std::vector<double> times;
  for (int i = 0; i < 10; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    const auto y =
        torch::conv2d(image, filter, {}, kind.stride, (kind.kernel - 1) / 2, 1, static_cast<std::int64_t>(kind.groups));
    y.backward(torch::ones_like(y));
    times.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count());
  }
  std::sort(times.begin() + 1, times.end());  // the first one warms up
  return times[5];
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1) torch::set_num_threads(std::max(1, std::atoi(argv[1])));
  std::printf("convolution                     float32   bfloat16   (ms, batch of 32, %d threads)\n",
              torch::get_num_threads());
  for (const Kind& kind :
       {Kind{"3 channels, 3x3, stride 2", 3, 32, 3, 2, 1, 192}, Kind{"1x1, 24 to 144", 24, 144, 1, 1, 1, 48},
        Kind{"1x1, 672 to 112", 672, 112, 1, 1, 1, 12}, Kind{"depthwise 3x3, 144", 144, 144, 3, 1, 144, 48},
        Kind{"depthwise 5x5, 240", 240, 240, 5, 1, 240, 24}, Kind{"depthwise 5x5, 672", 672, 672, 5, 1, 672, 12}}) {
    const double full = milliseconds(kind, torch::kFloat32), low = milliseconds(kind, torch::kBFloat16);
    std::printf("%-30s %8.2f   %8.2f\n", kind.name, full, low);
  }
}
