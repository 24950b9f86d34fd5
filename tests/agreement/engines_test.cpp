// The same picture through training's validation step and through the classifier gives the same probabilities. It holds
// two libraries against each other of which neither may know the other, so it stands here.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "naevus/base/file.hpp"
#include "naevus/base/random.hpp"
#include "naevus/image/decode.hpp"
#include "naevus/image/encode.hpp"
#include "naevus/infer/classifier.hpp"
#include "naevus/metrics/calibration.hpp"
#include "naevus/model/model_file.hpp"
#include "naevus/train/run.hpp"
#include "session.hpp"

namespace naevus {
namespace {

namespace fs = std::filesystem;

class Engines : public testing::Test {
 protected:
  Engines() {
    std::string name = testing::TempDir() + "naevus-engines-XXXXXX";
    folder_ = mkdtemp(name.data());
    std::string manifest = "image,label,split\n";
    for (std::uint64_t i = 0; i < 40; ++i) {
      const auto file = "picture" + std::to_string(i) + ".png";
      write_file(folder_ / file, image::encode_png(picture(i)));
      manifest += file + "," + label(i) + (i < 24 ? ",train" : ",validation") + "\n";
    }
    write_file(folder_ / "split.csv", manifest);
  }
  ~Engines() override { fs::remove_all(folder_); }

  static std::string label(std::uint64_t i) { return i % 3 == 0 ? "bkl" : i % 3 == 1 ? "mel" : "nv"; }

  /// Noise whose colour belongs to the class, neither square nor of the network's size.
  static image::Image picture(std::uint64_t i) {
    image::Image picture(90, 70);
    Random random(i);
    for (std::size_t p = 0; p < picture.pixels.size(); ++p) {
      picture.pixels[p] = static_cast<std::uint8_t>(random.below(150) + (p % 3 == i % 3 ? 100U : 0U));
    }
    return picture;
  }

  /// Gives a picture the black corners of a round field of view.
  void round_field(const std::string& name) const {
    image::Image picture = image::load(folder_ / name);
    for (int y = 0; y < picture.height; ++y)
      for (int x = 0; x < picture.width; ++x)
        if (std::hypot(x - 45, y - 35) > 33) std::fill_n(picture.at(x, y), 3, std::uint8_t{0});
    ASSERT_LT(image::clean(picture, {.vignette = image::Vignette::crop}).width, picture.height);
    write_file(folder_ / name, image::encode_png(picture));
  }

  train::Config config(const std::string& architecture) const {
    train::Config config;
    config.manifest = folder_ / "split.csv";
    config.out = folder_ / "run";
    config.architecture = architecture;
    config.width = config.height = 64;
    config.epochs = 2;
    config.batch = 8;
    config.threads = 2;
    return config;
  }

  fs::path folder_;
};

void expect_same_probabilities(const train::Config& config) {
  const auto path = train::run(config, {.overwrite = true}).model;
  const auto model = model::read_model(path);

  train::Session session(config, {});
  auto options = session.trainer_options();
  options.ema = 0;  // the model's weights are the mean already
  train::Trainer trainer(session.graph(), model.state, options);
  const auto expected = metrics::softmax(session.validate(trainer).logits, 3, model.card.temperature);

  const infer::Classifier classifier(path, {.threads = 2, .cache = fs::path()});
  EXPECT_EQ(classifier.preparation(), session.preparation());
  const auto outcomes = classifier.classify_files(session.data().validation.files);
  ASSERT_EQ(outcomes.size() * 3, expected.size());
  double largest = 0, smallest_spread = 1;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const auto& answer = std::get<infer::Answer>(outcomes[i]);
    const auto [low, high] = std::minmax_element(answer.probabilities.begin(), answer.probabilities.end());
    smallest_spread = std::min(smallest_spread, static_cast<double>(*high - *low));
    for (std::size_t c = 0; c < 3; ++c) {
      largest = std::max(largest, std::abs(static_cast<double>(answer.probabilities[c]) - expected[3 * i + c]));
    }
  }
  EXPECT_LE(largest, 1e-4);
  EXPECT_GT(smallest_spread, 1e-3);  // it says something of every picture, so the comparison does
}

TEST_F(Engines, AgreeOnTheProbabilitiesOfAScratchCnn) {
  expect_same_probabilities(config("scratch-cnn"));
}

TEST_F(Engines, AgreeOnTheProbabilitiesOfEfficientNet) {
  expect_same_probabilities(config("efficientnet-lite0"));
}

// Every step on, and each value of those that have several, from raw files through both engines.
TEST_F(Engines, AgreeWithEveryStepOfThePreparation) {
  round_field("picture24.png");
  auto all = config("scratch-cnn");
  all.preparation = {.vignette = "crop",
                     .hair_removal = "dullrazor",
                     .denoise = "non_local_means",
                     .contrast = "clahe",
                     .resize = "lanczos",
                     .colour_constancy = "shades_of_grey"};
  expect_same_probabilities(all);
}

TEST_F(Engines, AgreeWithTheOtherStepsOfThePreparation) {
  auto others = config("scratch-cnn");
  others.frame = "whole";
  others.preparation = {.denoise = "bilateral", .resize = "area", .colour_constancy = "grey_world"};
  expect_same_probabilities(others);
  others.preparation = {.denoise = "median", .colour_constancy = "max_rgb"};
  expect_same_probabilities(others);
}

}  // namespace
}  // namespace naevus
