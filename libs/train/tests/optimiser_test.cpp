#include "optimiser.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "graph_module.hpp"
#include "naevus/base/error.hpp"

namespace naevus::train {
namespace {

using Numbers = std::vector<float>;

nlohmann::json golden() {
  return nlohmann::json::parse(std::ifstream(NAEVUS_SOURCE_DIR "/tests/golden/optimisers.json"));
}

torch::Tensor weight_of(const Numbers& values) {
  return torch::tensor(values).set_requires_grad(true);
}

class Optimisers : public testing::TestWithParam<std::string> {
 protected:
  static Optimiser make(const torch::Tensor& weight, double factor = 1, bool decayed = true) {
    const auto reference = golden();
    return {{{.name = "w", .tensor = weight, .factor = factor, .decayed = decayed}},
            {.kind = GetParam(), .weight_decay = reference.at("weight_decay"), .momentum = reference.at("momentum")}};
  }
  static void step(Optimiser& optimiser, torch::Tensor weight, std::size_t number, double rate_factor = 1) {
    const auto reference = golden();
    weight.mutable_grad() = torch::tensor(reference["gradients"][number].get<Numbers>());
    optimiser.step(reference["rates"][number].get<double>() * rate_factor, number + 1);
  }
};

TEST_P(Optimisers, StepAsThoseOfTorchOptim) {
  const auto reference = golden();
  const auto weight = weight_of(reference["start"].get<Numbers>());
  auto optimiser = make(weight);
  for (std::size_t i = 0; i < reference["rates"].size(); ++i) {
    step(optimiser, weight, i);
    const auto expected = reference["after"][GetParam()][i].get<Numbers>();
    const auto got = from_torch(weight).values;
    for (std::size_t j = 0; j < got.size(); ++j) {
      EXPECT_NEAR(got[j], expected[j], 1e-6) << "step " << i + 1 << ", element " << j;
    }
  }
}

TEST_P(Optimisers, GoOnToTheSameBitsFromTheirState) {
  const auto start = golden()["start"].get<Numbers>();
  const auto whole = weight_of(start), parted = weight_of(start);
  auto one = make(whole), before = make(parted);
  for (std::size_t i = 0; i < 3; ++i) {
    step(one, whole, i);
    step(before, parted, i);
  }
  auto after = make(parted);
  after.restore(before.state());
  for (std::size_t i = 3; i < 5; ++i) {
    step(one, whole, i);
    step(after, parted, i);
  }
  EXPECT_EQ(from_torch(whole), from_torch(parted));
}

TEST_P(Optimisers, TakeAParametersFactorAsAFactorOfTheRate) {
  const auto start = golden()["start"].get<Numbers>();
  const auto fast = weight_of(start), plain = weight_of(start);
  auto with_factor = make(fast, 2), without = make(plain);
  for (std::size_t i = 0; i < 5; ++i) {
    step(with_factor, fast, i);
    step(without, plain, i, 2);
  }
  EXPECT_EQ(from_torch(fast), from_torch(plain));
}

TEST_P(Optimisers, LeaveWhatHasNoGradient) {
  const auto start = golden()["start"].get<Numbers>();
  const auto weight = weight_of(start);
  auto optimiser = make(weight);
  step(optimiser, weight, 0);
  const auto before = from_torch(weight);
  optimiser.clear_gradients();
  optimiser.step(0.1, 2);
  EXPECT_EQ(from_torch(weight), before);
}

TEST_P(Optimisers, DoNotPullBiasesToZero) {
  const auto weight = weight_of({1, 1, 1, 1});
  auto optimiser = make(weight, 1, false);
  auto gradient = weight;
  gradient.mutable_grad() = torch::zeros({4});
  optimiser.step(0.1, 1);
  EXPECT_EQ(from_torch(weight).values, Numbers({1, 1, 1, 1}));
}

TEST_P(Optimisers, RefuseAnotherNetworksState) {
  auto optimiser = make(weight_of({1, 1, 1, 1}));
  auto other = make(weight_of({1, 1}));
  EXPECT_THROW(optimiser.restore(other.state()), InputError);
  EXPECT_THROW(optimiser.restore({}), InputError);
}

INSTANTIATE_TEST_SUITE_P(Kinds, Optimisers, testing::Values("sgd", "adam", "adamw"),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace naevus::train
