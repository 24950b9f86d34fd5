#include <fmt/format.h>

#include <string>

#include "build.hpp"
#include "builder.hpp"
#include "naevus/base/error.hpp"

namespace naevus::network {

/// VGG-16, configuration D (Simonyan and Zisserman 2015), parameters named as torchvision names them.
Graph vgg16(const ArchitectureOptions& options, bool batch_norm) {
  constexpr int pool = 0;
  constexpr int widths[] = {64,   64,  pool, 128, 128,  pool, 256, 256, 256,
                            pool, 512, 512,  512, pool, 512,  512, 512, pool};

  const std::string architecture = batch_norm ? "vgg16_bn" : "vgg16";
  if (options.width / 32 != 7 || options.height / 32 != 7)
    throw UsageError(fmt::format("{} takes pictures of 224 to 255 pixels a side, not {}x{}", architecture,
                                 options.width, options.height),
                     "", "choose 224, or another architecture for this size: scratch-cnn, resnet18");

  Builder net(architecture, options);
  int x = net.input(), index = 0;
  const auto layer = [&index] { return "features." + std::to_string(index++); };
  for (const int width : widths) {
    if (width == pool) {
      net.mark_features(x);  // the last call stays
      x = net.apply(MaxPool{2, 2, {}}, {x}, layer());
      continue;
    }
    x = net.conv(x, layer(), {.out = width, .kernel = 3, .padding = around(1), .bias = true});
    if (batch_norm) x = net.batch_norm(x, layer());
    x = net.apply(Relu{}, {x}, layer());
  }
  x = net.apply(Flatten{}, {x}, "flatten");
  for (const int number : {0, 3}) {
    const auto name = [&](int offset) { return "classifier." + std::to_string(number + offset); };
    x = net.linear(x, name(0), 4096);
    x = net.apply(Relu{}, {x}, name(1));
    if (number == 3) net.mark_embedding(x);
    if (options.dropout > 0) x = net.apply(Dropout{static_cast<float>(options.dropout)}, {x}, name(2));
  }
  net.linear(x, "classifier.6", options.classes);
  return net.finish();
}

}  // namespace naevus::network
