#include <string>

#include "build.hpp"
#include "builder.hpp"

namespace naevus::network {

/// A plain network to train from nothing on pictures of about 128x128: five stages of 3x3 convolutions, halving the map
/// and widening it between them, then the mean over the map. 0.9 million parameters with seven classes.
Graph scratch_cnn(const ArchitectureOptions& options) {
  struct Stage {
    int width, convolutions;
  };
  constexpr Stage stages[] = {{32, 1}, {64, 1}, {128, 2}, {192, 1}, {256, 1}};

  Builder net("scratch-cnn", options);
  int x = net.input();
  int stage_number = 0;
  for (const Stage& stage : stages) {
    const std::string prefix = "stage" + std::to_string(++stage_number);
    if (stage_number > 1) x = net.apply(MaxPool{2, 2, {}}, {x}, prefix + ".pool");
    for (int i = 1; i <= stage.convolutions; ++i) {
      const std::string number = std::to_string(i);
      x = net.conv(x, prefix + ".conv" + number, {.out = stage.width, .kernel = 3, .padding = around(1)});
      x = net.batch_norm(x, prefix + ".bn" + number);
      x = net.apply(Relu{}, {x}, prefix + ".relu" + number);
    }
  }
  return net.pooled_head(x, "fc", options.dropout);
}

}  // namespace naevus::network
