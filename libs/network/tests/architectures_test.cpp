#include "naevus/network/architectures.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>

#include "naevus/base/error.hpp"
#include "naevus/network/weights.hpp"

namespace naevus::network {
namespace {

using Shapes = std::map<std::string, std::vector<std::int64_t>>;

nlohmann::json golden(const char* name) {
  return nlohmann::json::parse(std::ifstream(std::string(NAEVUS_SOURCE_DIR "/tests/golden/") + name));
}

std::int64_t trainable_count(const Graph& graph) {
  std::int64_t count = 0;
  for (const ParameterSpec& spec : parameters(graph))
    if (spec.trainable)
      count += std::accumulate(spec.shape.begin(), spec.shape.end(), std::int64_t{1}, std::multiplies<>());
  return count;
}

TEST(Architectures, HaveTorchvisionsParameters) {
  const auto networks = golden("torchvision.json").at("networks");
  int compared = 0;
  for (const Architecture& architecture : architectures()) {
    if (!networks.contains(architecture.name)) continue;
    SCOPED_TRACE(architecture.name);
    const Graph graph = build(architecture.name, {.classes = 7});
    Shapes ours;
    for (const ParameterSpec& spec : parameters(graph)) ours[spec.name] = spec.shape;
    EXPECT_EQ(ours, networks[architecture.name]["state_dict"].get<Shapes>());
    EXPECT_EQ(trainable_count(graph), networks[architecture.name]["parameters"].get<std::int64_t>());
    ++compared;
  }
  EXPECT_EQ(compared, static_cast<int>(networks.size()));
}

TEST(Architectures, EfficientNetLite0HasTheReferencesParametersAndFeatures) {
  const auto reference = golden("efficientnet_lite0.json");
  const Graph graph = build("efficientnet-lite0", {.classes = 1000});
  EXPECT_EQ(trainable_count(graph), reference["parameters"].get<std::int64_t>());
  EXPECT_EQ(shapes(graph)[static_cast<std::size_t>(graph.features)],
            reference["features_shape"].get<std::vector<std::int64_t>>());
}

TEST(Architectures, AllEndInOneLogitForEachClass) {
  for (const Architecture& architecture : architectures()) {
    SCOPED_TRACE(architecture.name);
    const Graph graph =
        build(architecture.name, {.classes = 3, .width = architecture.input, .height = architecture.input});
    const auto all = shapes(graph);
    EXPECT_EQ(all.back(), (std::vector<std::int64_t>{3}));
    EXPECT_EQ(all[static_cast<std::size_t>(graph.features)].size(), 3U);
    EXPECT_EQ(all[static_cast<std::size_t>(graph.embedding)].size(), 1U);
    std::set<std::string> names;
    for (const Node& node : graph.nodes) EXPECT_TRUE(names.insert(node.name).second) << node.name;
  }
}

TEST(Architectures, TakeOblongAndOddPictures) {
  for (const char* name : {"scratch-cnn", "efficientnet-lite0", "resnet50"}) {
    SCOPED_TRACE(name);
    const Graph graph = build(name, {.classes = 2, .width = 161, .height = 97});
    const std::vector<std::int64_t> features = shapes(graph)[static_cast<std::size_t>(graph.features)];
    EXPECT_GE(features[2], features[1]);
  }
}

TEST(Architectures, SamePaddingFollowsTheInputsSize) {
  const auto stem_padding = [](int width) {
    return std::get<Conv>(build("efficientnet-lite0", {.width = width, .height = 224}).nodes[1].operation).padding;
  };
  EXPECT_EQ(stem_padding(224), (Padding{0, 0, 1, 1}));
  EXPECT_EQ(stem_padding(225), (Padding{0, 1, 1, 1}));
}

TEST(Architectures, Vgg16RefusesSizesThatItsLinearLayersCannotTake) {
  EXPECT_NO_THROW(build("vgg16", {}));
  try {
    build("vgg16", {.width = 128, .height = 128});
    FAIL() << "a 128x128 picture was taken";
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("128x128"));
    EXPECT_THAT(error.advice(), ::testing::HasSubstr("224"));
  }
}

TEST(Architectures, AnUnknownNameListsTheKnownOnes) {
  try {
    build("alexnet", {});
    FAIL() << "alexnet was built";
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), ::testing::AllOf(::testing::HasSubstr("alexnet"), ::testing::HasSubstr("resnet50")));
  }
  EXPECT_THROW(build("resnet18", {.width = 8}), UsageError);
  EXPECT_THROW(build("resnet18", {.classes = 0}), UsageError);
  EXPECT_THROW(build("scratch-cnn", {.dropout = 1}), UsageError);
}

TEST(Graph, NamesTheStepThatDoesNotFit) {
  Graph graph = build("resnet18", {});
  std::get<Conv>(graph.nodes[5].operation).in = 63;
  try {
    shapes(graph);
    FAIL() << "63 channels were taken for 64";
  } catch (const Error& error) {
    EXPECT_EQ(error.where(), graph.nodes[5].name);
  }
}

TEST(Initialise, GivesTheSameNumbersForTheSameSeed) {
  const Graph graph = build("scratch-cnn", {.width = 64, .height = 64});
  const StateDict first = initialise(graph, 1);
  EXPECT_EQ(first, initialise(graph, 1));
  EXPECT_NE(first, initialise(graph, 2));
  for (const ParameterSpec& spec : parameters(graph)) EXPECT_EQ(first.at(spec.name).shape, spec.shape) << spec.name;
}

TEST(Initialise, SpreadsConvolutionsAsHeNormal) {
  const Graph graph = build("resnet18", {});
  const std::vector<float> values = initialise(graph, 3).at("layer3.1.conv1.weight").values;
  double sum = 0, squares = 0;
  for (const float value : values) {
    sum += value;
    squares += double{value} * value;
  }
  const auto n = static_cast<double>(values.size());
  EXPECT_NEAR(sum / n, 0, 1e-3);
  EXPECT_NEAR(squares / n, 2.0 / (9 * 256), 0.01 * 2.0 / (9 * 256));
}

}  // namespace
}  // namespace naevus::network
