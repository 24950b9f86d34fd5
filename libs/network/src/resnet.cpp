#include <array>
#include <string>

#include "build.hpp"
#include "builder.hpp"

namespace naevus::network {
namespace {

struct BlockOptions {
  int width = 64, stride = 1;
  bool bottleneck = false;
};

/// One residual block. Bottlenecks have their stride in the 3x3 convolution, as torchvision's (ResNet v1.5).
int block(Builder& net, int from, const std::string& name, const BlockOptions& options) {
  const auto step = [&](int x, int number, ConvOptions conv) {
    x = net.conv(x, name + ".conv" + std::to_string(number), conv);
    return net.batch_norm(x, name + ".bn" + std::to_string(number));
  };
  const auto relu = [&](int x, int number) { return net.apply(Relu{}, {x}, name + ".relu" + std::to_string(number)); };

  const int width = options.width, out = options.bottleneck ? 4 * width : width;
  const ConvOptions wide{.out = width, .kernel = 3, .padding = around(1)};
  ConvOptions strided = wide;
  strided.stride = options.stride;
  int x = from, last = 2;
  if (options.bottleneck) {
    x = relu(step(x, 1, {.out = width}), 1);
    x = relu(step(x, 2, strided), 2);
    x = step(x, 3, {.out = out});
    last = 3;
  } else {
    x = relu(step(x, 1, strided), 1);
    x = step(x, 2, wide);
  }

  int shortcut = from;
  if (options.stride != 1 || net.channels(from) != out) {
    shortcut = net.conv(from, name + ".downsample.0", {.out = out, .stride = options.stride});
    shortcut = net.batch_norm(shortcut, name + ".downsample.1");
  }
  return relu(net.apply(Add{}, {x, shortcut}, name + ".add"), last);
}

}  // namespace

/// ResNet (He et al. 2016), parameters named as torchvision names them.
Graph resnet(const ArchitectureOptions& options, int depth) {
  using Repeats = std::array<int, 4>;
  const Repeats repeats = depth == 18 ? Repeats{2, 2, 2, 2} : Repeats{3, 4, 6, 3};

  Builder net("resnet" + std::to_string(depth), options);
  int x = net.conv(net.input(), "conv1", {.out = 64, .kernel = 7, .stride = 2, .padding = around(3)});
  x = net.batch_norm(x, "bn1");
  x = net.apply(Relu{}, {x}, "relu");
  x = net.apply(MaxPool{3, 2, around(1)}, {x}, "maxpool");
  int width = 64;
  for (std::size_t stage = 0; stage < repeats.size(); ++stage, width *= 2)
    for (int i = 0; i < repeats[stage]; ++i)
      x = block(net, x, "layer" + std::to_string(stage + 1) + "." + std::to_string(i),
                {.width = width, .stride = stage > 0 && i == 0 ? 2 : 1, .bottleneck = depth >= 50});
  return net.pooled_head(x, "fc", 0);
}

}  // namespace naevus::network
