#include "naevus/model/model_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "example.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/random.hpp"

namespace naevus::model {
namespace {

using ::testing::HasSubstr;

TEST(ModelFile, GivesBackTheModelThatWasWritten) {
  const testing::Folder folder;
  const Model model = testing::mahalanobis_example();
  const Model back = read_model(folder.write("m.onnx", to_onnx(model)));
  EXPECT_EQ(back.state, model.state);
  EXPECT_EQ(back.ood.projection, model.ood.projection);
  EXPECT_EQ(back.ood.means, model.ood.means);
  EXPECT_EQ(to_json(back.card), to_json(model.card));
  EXPECT_EQ(back.graph.nodes.size(), model.graph.nodes.size());
  EXPECT_EQ(to_onnx(back), to_onnx(model));
}

TEST(ModelFile, HasTheSameBytesForTheSameModel) {
  EXPECT_EQ(to_onnx(testing::example()), to_onnx(testing::example()));
}

TEST(ModelFile, IsSoundToOtherReaders) {
  const testing::Folder folder;
  EXPECT_EQ(testing::check_with_other_readers(folder.write("energy.onnx", to_onnx(testing::example()))), 0);
  EXPECT_EQ(
      testing::check_with_other_readers(folder.write("mahalanobis.onnx", to_onnx(testing::mahalanobis_example()))), 0);
}

// check_model.py works out the formula in NumPy and compares it with what onnxruntime computes.
TEST(ModelFile, TakesTheLightsColourOutInItsGraph) {
  const testing::Folder folder;
  for (const char* how : {"grey_world", "shades_of_grey", "max_rgb"}) {
    Model model = testing::example();
    model.card.preparation = {{"colour_constancy", how}, {"denoise", "median"}};
    EXPECT_EQ(testing::check_with_other_readers(folder.write("balanced.onnx", to_onnx(model))), 0) << how;
    EXPECT_EQ(to_onnx(read_model(folder / "balanced.onnx")), to_onnx(model));
  }
  Model model = testing::example();
  model.card.preparation = {{"colour_constancy", "none"}};
  EXPECT_EQ(read_model(folder.write("none.onnx", to_onnx(model))).card.preparation, model.card.preparation);
  model.card.preparation = {{"colour_constancy", "retinex"}};
  EXPECT_THROW(to_onnx(model), Error);
}

TEST(ModelFile, GivesTorchvisionsLogitsInOnnxruntime) {
  const testing::Folder folder;
  const auto networks =
      nlohmann::json::parse(std::ifstream(NAEVUS_SOURCE_DIR "/tests/golden/torchvision.json"))["networks"];
  const auto write_floats = [&](const char* name, const std::vector<float>& values) {
    write_file(folder / name, std::as_bytes(std::span(values)));
    return " " + (folder / name).string();
  };
  const std::string input = " --input" + write_floats("input", golden::input());
  for (const auto& [name, reference] : networks.items()) {
    if (name.starts_with("vgg")) continue;  // half a gigabyte each; LibTorch's parity test has them
    SCOPED_TRACE(name);
    const network::Graph graph = network::build(name, {.classes = 7});
    const auto file = folder.write(name + ".onnx", network_to_onnx(graph, testing::golden_state(graph)));
    write_floats("logits", reference["logits"].get<std::vector<float>>());
    EXPECT_EQ(testing::check_with_other_readers(file, input + " --expect logits=" + (folder / "logits").string()), 0);
    std::filesystem::remove(file);
  }
}

TEST(ModelFile, TakesANewCardAndTemperature) {
  const testing::Folder folder;
  Model model = testing::example();
  const auto path = folder.write("m.onnx", to_onnx(model));
  model.card.temperature = 0.5;
  model.card.name = "calibrated";
  EXPECT_EQ(with_card(path, model.card), to_onnx(model));
  Card other = model.card;
  other.preparation = {{"colour_constancy", "max_rgb"}};
  EXPECT_THROW(with_card(path, other), Error);
  model.card.classes = {"a", "b", "c"};
  model.card.malignant = {};
  EXPECT_THROW(with_card(path, model.card), Error);
}

TEST(ModelFile, ChangesItsCalibrationBetweenTemperatureAndVectorScaling) {
  const testing::Folder folder;
  const Model plain = testing::example();
  Model scaled = plain;
  scaled.card.temperature = 1;
  scaled.card.vector_scaling = {{0.5, 1.25, 2}, {-1, 0.25, 0.5}};
  const auto plain_file = folder.write("plain.onnx", to_onnx(plain));
  const auto scaled_file = folder.write("scaled.onnx", with_card(plain_file, scaled.card));
  EXPECT_EQ(read_file(scaled_file), to_onnx(scaled));
  EXPECT_EQ(testing::check_with_other_readers(scaled_file), 0);
  EXPECT_EQ(with_card(scaled_file, plain.card), to_onnx(plain));
}

TEST(ModelFile, RefusesACardThatIsNotTheNetworks) {
  Model model = testing::example();
  model.card.classes = {"mel", "nv"};
  model.card.malignant = {"mel"};
  EXPECT_THROW(to_onnx(model), Error);
  model = testing::example();
  model.card.width = 64;
  EXPECT_THROW(to_onnx(model), Error);
  model = testing::example();
  model.card.ood_kind = "mahalanobis";
  EXPECT_THROW(to_onnx(model), Error);
  model = testing::example();
  model.state.erase(model.state.begin());
  EXPECT_THROW(to_onnx(model), Error);
}

TEST(ModelFile, CutShortAnywhereIsAnInputError) {
  const testing::Folder folder;
  const std::vector<std::byte> whole = to_onnx(testing::example());
  Random random(1);
  for (int i = 0; i < 40; ++i) {
    const std::size_t size = i < 20 ? whole.size() - static_cast<std::size_t>(i) - 1 : random.below(whole.size());
    const std::vector<std::byte> part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    const auto path = folder.write("cut.onnx", part);
    EXPECT_THROW(read_model(path), InputError) << size;
    EXPECT_THROW(read_card(path), InputError) << size;
  }
}

TEST(ModelFile, WithOneByteChangedIsAnInputErrorOrTheSameNetwork) {
  const testing::Folder folder;
  const Model model = testing::example();
  const std::vector<std::byte> whole = to_onnx(model);
  Random random(2);
  for (int i = 0; i < 40; ++i) {
    std::vector<std::byte> changed = whole;
    changed[random.below(changed.size())] ^= std::byte{1};
    const auto path = folder.write("changed.onnx", changed);
    try {
      EXPECT_EQ(read_model(path).state, model.state);
    } catch (const InputError& error) {
      EXPECT_THAT(error.where(), HasSubstr("changed.onnx"));
    }
  }
}

TEST(ModelFile, OfAnotherProgramNamesTheCommandThatAdoptsIt) {
  const testing::Folder folder;
  const Model model = testing::example();
  const auto path = folder.write("foreign.onnx", network_to_onnx(model.graph, model.state));
  try {
    read_card(path);
    FAIL() << "a foreign network was taken";
  } catch (const InputError& error) {
    EXPECT_THAT(error.advice(), HasSubstr("naevus adopt foreign.onnx"));
  }
  EXPECT_THROW(read_card(folder / "missing.onnx"), IoError);
  EXPECT_THROW(read_card(folder.write("empty.onnx", {})), InputError);
}

}  // namespace
}  // namespace naevus::model
