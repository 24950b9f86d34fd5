#include "graph_module.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "../../../tests/golden/formula.hpp"
#include "naevus/base/error.hpp"
#include "naevus/network/architectures.hpp"
#include "relu6.hpp"
#include "trainer.hpp"

namespace naevus::train {
namespace {

const auto references = nlohmann::json::parse(std::ifstream(NAEVUS_SOURCE_DIR "/tests/golden/torchvision.json"));

GraphModule::Result run(GraphModule& module, const torch::Tensor& image, bool training = false) {
  auto generator = torch::make_generator<torch::CPUGeneratorImpl>(std::uint64_t{1});
  const torch::NoGradGuard guard;
  return module.forward(image, training, generator);
}

void expect_close(const std::vector<float>& got, const std::vector<double>& expected, double tolerance) {
  ASSERT_GE(got.size(), expected.size());
  double largest = 0, difference = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    largest = std::max(largest, std::abs(expected[i]));
    difference = std::max(difference, std::abs(static_cast<double>(got[i]) - expected[i]));
  }
  EXPECT_LE(difference, tolerance * largest);
}

class Parity : public testing::TestWithParam<std::string> {};

TEST_P(Parity, LibTorchGivesTorchvisionsLogits) {
  const auto graph = network::build(GetParam(), {.classes = 7});
  network::StateDict state;
  for (const auto& spec : network::parameters(graph))
    state[spec.name] = {spec.shape, golden::parameter(spec.name, spec.shape)};
  GraphModule module(graph, state, {});
  const auto result = run(module, to_torch({{1, 3, 224, 224}, golden::input()}));
  expect_close(from_torch(result.logits).values,
               references["networks"][GetParam()].at("logits").get<std::vector<double>>(), 1e-3);
}

std::vector<std::string> of_torchvision() {
  std::vector<std::string> names;
  for (const auto& architecture : network::architectures())
    if (references["networks"].contains(architecture.name)) names.push_back(architecture.name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(Architectures, Parity, testing::ValuesIn(of_torchvision()),
                         [](const auto& test) { return test.param; });

TEST(EfficientNetLite0, GivesTheLogitsOfItsReferenceImplementation) {
  const std::filesystem::path path = NAEVUS_SOURCE_DIR "/weights/efficientnet-lite0.safetensors";
  ASSERT_TRUE(std::filesystem::exists(path)) << path << " is fetched by: scripts/get-weights efficientnet-lite0";
  const auto graph = network::build("efficientnet-lite0", {.classes = 1000});
  auto state = network::initialise(graph, 1);
  network::fit_weights(graph, network::read_weights(path), state);
  GraphModule module(graph, state, {});
  const auto result = run(module, to_torch({{1, 3, 224, 224}, golden::input()}));
  const auto reference =
      nlohmann::json::parse(std::ifstream(NAEVUS_SOURCE_DIR "/tests/golden/efficientnet_lite0.json"));
  expect_close(from_torch(result.logits).values, reference.at("logits_first_10").get<std::vector<double>>(), 1e-3);
}

TEST(GraphModule, AnswersAlikeInBothMemoryOrders) {
  const auto graph = network::build("efficientnet-lite0", {.classes = 3, .width = 64, .height = 64});
  const auto state = network::initialise(graph, 3);
  GraphModule last(graph, state, {.channels_last = true}), first(graph, state, {.channels_last = false});
  const auto image = torch::rand({2, 3, 64, 64});
  const auto a = run(last, image).logits, b = run(first, image).logits;
  EXPECT_LE((a - b).abs().max().item<double>(), 1e-4 * b.abs().max().item<double>());
}

TEST(GraphModule, SixteenBitsChangeTrainingLittleAndEvaluationNotAtAll) {
  if (!cpu_has_bf16()) GTEST_SKIP() << "this CPU does not multiply bfloat16";
  const auto graph = network::build("efficientnet-lite0", {.classes = 3, .width = 64, .height = 64, .dropout = 0});
  const auto state = network::initialise(graph, 3);
  GraphModule low(graph, state, {.bf16 = true}), full(graph, state, {});
  const auto image = torch::rand({8, 3, 64, 64});
  EXPECT_TRUE(torch::equal(run(low, image).logits, run(full, image).logits));
  const auto a = run(low, image, true).logits, b = run(full, image, true).logits;
  EXPECT_EQ(a.scalar_type(), torch::kFloat32);
  EXPECT_FALSE(torch::equal(a, b));
  EXPECT_LE((a - b).abs().mean().item<double>(), 0.25 * b.abs().mean().item<double>());
}

TEST(GraphModule, RefusesWeightsOfAnotherNetwork) {
  const auto graph = network::build("scratch-cnn", {.classes = 3, .width = 32, .height = 32});
  const auto other = network::build("scratch-cnn", {.classes = 4, .width = 32, .height = 32});
  EXPECT_THROW(GraphModule(graph, network::initialise(other, 1), {}), InputError);
  EXPECT_THROW(GraphModule(graph, {}, {}), InputError);
}

/// Every bfloat16 number that is not NaN, in an order that is not the memory's.
torch::Tensor all_bfloat16() {
  std::vector<float> values;
  for (std::uint32_t bits = 0; bits < 1U << 16U; ++bits) {
    const auto value = std::bit_cast<float>(bits << 16U);
    if (!std::isnan(value)) values.push_back(value);
  }
  values.resize(values.size() / 64 * 64);
  const auto count = static_cast<std::int64_t>(values.size());
  return torch::tensor(values).to(torch::kBFloat16).view({1, 4, count / 64, 16});
}

TEST(Relu6, HasTheValueAndGradientOfClampInSixteenBits) {
  for (const auto order : {torch::MemoryFormat::Contiguous, torch::MemoryFormat::ChannelsLast}) {
    const auto x = all_bfloat16().contiguous(order).set_requires_grad(true);
    const auto y = train::relu6(x);
    EXPECT_TRUE(torch::equal(y, torch::clamp(x, 0, 6)));
    const auto weight = torch::randn(x.sizes()).to(torch::kBFloat16);
    const auto got = torch::autograd::grad({y}, {x}, {weight})[0];
    // At 0 and 6 themselves clamp's gradient is that of the inside, hardtanh's and relu6's in PyTorch that of the
    // outside.
    const auto inside = torch::logical_and(x > 0, x < 6);
    EXPECT_TRUE(torch::equal(got, torch::where(inside, weight, torch::zeros_like(weight))));
  }
}

TEST(Relu6, TakesAGradientThatLiesInMemoryOtherwise) {
  const auto x = torch::linspace(-3, 9, 2 * 4 * 5 * 5).to(torch::kBFloat16).view({2, 4, 5, 5}).set_requires_grad(true);
  const auto weight = torch::randn({2, 4, 5, 5}).to(torch::kBFloat16).contiguous(torch::MemoryFormat::ChannelsLast);
  const auto got = torch::autograd::grad({train::relu6(x)}, {x}, {weight})[0];
  EXPECT_TRUE(torch::equal(got, torch::where(torch::logical_and(x > 0, x < 6), weight, torch::zeros_like(weight))));
}

}  // namespace
}  // namespace naevus::train
