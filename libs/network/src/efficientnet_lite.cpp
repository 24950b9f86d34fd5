#include <string>

#include "build.hpp"
#include "builder.hpp"

namespace naevus::network {
namespace {

struct Stage {
  int repeats, kernel, stride, expand, out;
};

/// TensorFlow's 0.99 is the share of the old statistics.
constexpr float epsilon = 1e-3F, momentum = 0.01F;

int inverted_residual(Builder& net, int from, const std::string& name, const Stage& stage, int stride) {
  const auto norm = [&](int x, const char* part) { return net.batch_norm(x, name + part, epsilon, momentum); };
  const int in = static_cast<int>(net.channels(from)), wide = in * stage.expand;
  int x = from;
  if (stage.expand != 1) {
    x = norm(net.conv(x, name + "._expand_conv", {.out = wide}), "._bn0");
    x = net.apply(Relu6{}, {x}, name + "._relu0");
  }
  x = net.conv(x, name + "._depthwise_conv",
               {.out = wide,
                .kernel = stage.kernel,
                .stride = stride,
                .groups = wide,
                .padding = net.same_padding(x, stage.kernel, stride)});
  x = net.apply(Relu6{}, {norm(x, "._bn1")}, name + "._relu1");
  x = norm(net.conv(x, name + "._project_conv", {.out = stage.out}), "._bn2");
  return stride == 1 && in == stage.out ? net.apply(Add{}, {x, from}, name + "._add") : x;
}

}  // namespace

/// EfficientNet-Lite0 (tensorflow/tpu, models/official/efficientnet/lite): EfficientNet-B0 without
/// squeeze-and-excitation, ReLU6 for swish. Parameters named as in efficientnet-lite-pytorch; TensorFlow's SAME padding
/// for the given input size.
Graph efficientnet_lite0(const ArchitectureOptions& options) {
  constexpr Stage stages[] = {{1, 3, 1, 1, 16},  {2, 3, 2, 6, 24},  {2, 5, 2, 6, 40}, {3, 3, 2, 6, 80},
                              {3, 5, 1, 6, 112}, {4, 5, 2, 6, 192}, {1, 3, 1, 6, 320}};

  Builder net("efficientnet-lite0", options);
  int x = net.input();
  x = net.conv(x, "_conv_stem", {.out = 32, .kernel = 3, .stride = 2, .padding = net.same_padding(x, 3, 2)});
  x = net.apply(Relu6{}, {net.batch_norm(x, "_bn0", epsilon, momentum)}, "_relu0");
  int number = 0;
  for (const Stage& stage : stages)
    for (int i = 0; i < stage.repeats; ++i)
      x = inverted_residual(net, x, "_blocks." + std::to_string(number++), stage, i == 0 ? stage.stride : 1);
  x = net.conv(x, "_conv_head", {.out = 1280});
  x = net.apply(Relu6{}, {net.batch_norm(x, "_bn1", epsilon, momentum)}, "_relu1");
  return net.pooled_head(x, "_fc", options.dropout);
}

}  // namespace naevus::network
