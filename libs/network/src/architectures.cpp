#include "naevus/network/architectures.hpp"

#include <fmt/format.h>

#include "build.hpp"
#include "naevus/base/error.hpp"

namespace naevus::network {
namespace {

using Make = Graph (*)(const ArchitectureOptions&);

struct Entry {
  Architecture architecture;
  Make make;
};

// ImageNet statistics that torchvision's weights expect, times 255.
constexpr std::array<float, 3> imagenet_mean{123.675F, 116.28F, 103.53F}, imagenet_std{58.395F, 57.12F, 57.375F};
constexpr std::array<float, 3> lite_mean{127, 127, 127}, lite_std{128, 128, 128};

const std::vector<Entry>& entries() {
  static const std::vector<Entry> all = {
      {{"scratch-cnn", "0.9 M parameters; plain convolutions, to train from nothing on small pictures", 128,
        imagenet_mean, imagenet_std},
       scratch_cnn},
      {{"efficientnet-lite0", "3.4 M parameters; fast on CPUs, pretrained weights by scripts/get-weights", 224,
        lite_mean, lite_std},
       efficientnet_lite0},
      {{"resnet18", "11 M parameters; torchvision's", 224, imagenet_mean, imagenet_std},
       [](const ArchitectureOptions& options) { return resnet(options, 18); }},
      {{"resnet34", "21 M parameters; torchvision's", 224, imagenet_mean, imagenet_std},
       [](const ArchitectureOptions& options) { return resnet(options, 34); }},
      {{"resnet50", "24 M parameters; torchvision's", 224, imagenet_mean, imagenet_std},
       [](const ArchitectureOptions& options) { return resnet(options, 50); }},
      {{"vgg16", "134 M parameters; torchvision's, for pictures of 224 pixels", 224, imagenet_mean, imagenet_std},
       [](const ArchitectureOptions& options) { return vgg16(options, false); }},
      {{"vgg16_bn", "134 M parameters; vgg16 with batch norm", 224, imagenet_mean, imagenet_std},
       [](const ArchitectureOptions& options) { return vgg16(options, true); }},
  };
  return all;
}

const Entry& find_entry(const std::string& name) {
  std::string known;
  for (const Entry& entry : entries()) {
    if (entry.architecture.name == name) return entry;
    known += (known.empty() ? "" : ", ") + entry.architecture.name;
  }
  throw UsageError(fmt::format("there is no architecture '{}'", name), "", "known: " + known);
}

}  // namespace

Graph build(const std::string& architecture, const ArchitectureOptions& options) {
  const Entry& entry = find_entry(architecture);
  if (options.classes < 1) throw UsageError(fmt::format("a network can't have {} classes", options.classes));
  constexpr int smallest = 32, largest = 4096;
  for (const int side : {options.width, options.height})
    if (side < smallest || side > largest)
      throw UsageError(fmt::format("an input of {}x{} pixels is outside {} to {} a side", options.width, options.height,
                                   smallest, largest));
  if (!(options.dropout >= 0 && options.dropout < 1))
    throw UsageError(fmt::format("a dropout of {} is outside 0 to 1", options.dropout));
  return entry.make(options);
}

const std::vector<Architecture>& architectures() {
  static const std::vector<Architecture> all = [] {
    std::vector<Architecture> list;
    for (const Entry& entry : entries()) list.push_back(entry.architecture);
    return list;
  }();
  return all;
}

const Architecture& find_architecture(const std::string& name) {
  return find_entry(name).architecture;
}

}  // namespace naevus::network
