#pragma once
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "naevus/base/file.hpp"
#include "naevus/base/random.hpp"
#include "naevus/image/encode.hpp"
#include "naevus/image/image.hpp"
#include "naevus/model/model_file.hpp"
#include "naevus/network/architectures.hpp"

namespace naevus::infer {

/// Models and pictures in a folder that is gone after the test.
class Infer : public testing::Test {
 protected:
  std::filesystem::path folder() const { return folder_.path(); }

  /// An untrained model, written into the folder.
  std::filesystem::path write_model(const std::string& architecture = "scratch-cnn", int side = 64) const {
    model::Model model{.graph = network::build(architecture, {.classes = 3, .width = side, .height = side})};
    model.state = network::initialise(model.graph, 7);
    model.card.name = "untrained";
    model.card.architecture = architecture;
    model.card.classes = {"bkl", "mel", "nv"};
    model.card.malignant = {"mel"};
    model.card.width = model.card.height = side;
    model.card.mean = {127, 127, 127};
    model.card.std = {64, 64, 64};
    model.card.temperature = 1.7;
    model.card.weights_from = "random";
    const auto path = folder_ / (architecture + ".onnx");
    write_file(path, model::to_onnx(model));
    return path;
  }

  /// A picture of coloured noise in blocks.
  static image::Image picture(std::uint64_t seed, int width = 64, int height = 64) {
    image::Image image(width, height);
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x)
        for (int c = 0; c < 3; ++c) {
          Random random(seed, {static_cast<std::uint64_t>(x / 8), static_cast<std::uint64_t>(y / 8),
                               static_cast<std::uint64_t>(c)});
          image.at(x, y)[c] = static_cast<std::uint8_t>(random.below(256));
        }
    return image;
  }

  std::filesystem::path write_picture(const std::string& name, std::uint64_t seed, int width = 80,
                                      int height = 64) const {
    write_file(folder_ / name, image::encode_png(picture(seed, width, height)));
    return folder_ / name;
  }

 private:
  TemporaryFolder folder_;
};

}  // namespace naevus::infer
