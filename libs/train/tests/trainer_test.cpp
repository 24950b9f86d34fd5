#include "trainer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "naevus/base/error.hpp"
#include "naevus/base/random.hpp"
#include "naevus/dataset/balance.hpp"
#include "naevus/network/architectures.hpp"

namespace naevus::train {
namespace {

/// Logits are the biases, whatever the picture: the loss of a batch can be written down.
network::Graph only_biases() {
  return {.architecture = "biases",
          .classes = 3,
          .width = 2,
          .height = 2,
          .nodes = {{"input", network::Input{}, {}},
                    {"flatten", network::Flatten{}, {0}},
                    {"head", network::Linear{.in = 12, .out = 3}, {1}}},
          .features = 0,
          .embedding = 1};
}

network::StateDict with_biases(const std::vector<float>& bias) {
  return {{"head.weight", {{3, 12}, std::vector<float>(36, 0.0F)}}, {"head.bias", {{3}, bias}}};
}

Batch of_labels(const std::vector<std::int64_t>& labels) {
  return {.pixels = std::vector<std::uint8_t>(labels.size() * 12, 0), .labels = labels};
}

/// Logarithms of the softmax.
std::vector<double> log_softmax(std::vector<double> logits) {
  double sum = 0;
  for (const double logit : logits) sum += std::exp(logit);
  for (double& logit : logits) logit -= std::log(sum);
  return logits;
}

double loss_of(const std::vector<std::int64_t>& labels, const TrainerOptions& options) {
  Trainer trainer(only_biases(), with_biases({0.5F, -1, 2}), options);
  return trainer.step(of_labels(labels), 0.1);
}

const std::vector<double> p = log_softmax({0.5, -1, 2});
const std::vector<std::int64_t> labels{0, 2, 2, 1};

TEST(Loss, IsCrossEntropy) {
  EXPECT_NEAR(loss_of(labels, {}), -(p[0] + 2 * p[2] + p[1]) / 4, 3e-6);
}

TEST(Loss, SmoothingSpreadsItsShareEvenly) {
  const double sure = -(p[0] + 2 * p[2] + p[1]) / 4, spread = -(p[0] + p[1] + p[2]) / 3;
  EXPECT_NEAR(loss_of(labels, {.label_smoothing = 0.1}), 0.9 * sure + 0.1 * spread, 3e-6);
}

TEST(Loss, CountsAPictureByTheWeightOfItsClass) {
  const TrainerOptions options{.class_weight = {2, 0.5, 1}};
  EXPECT_NEAR(loss_of(labels, options), -(2 * p[0] + 2 * p[2] + 0.5 * p[1]) / 4, 3e-6);
  EXPECT_NEAR(loss_of({0}, options), -2 * p[0], 3e-6);  // a batch of one weighs by its class too
}

TEST(Loss, LogitAdjustmentAddsTheLogarithmsOfTheFrequencies) {
  const std::vector<double> adjustment{std::log(0.7), std::log(0.2), std::log(0.1)};
  const auto q = log_softmax({0.5 + adjustment[0], -1 + adjustment[1], 2 + adjustment[2]});
  EXPECT_NEAR(loss_of(labels, {.logit_adjustment = adjustment}), -(q[0] + 2 * q[2] + q[1]) / 4, 3e-6);
}

TEST(Loss, SmoothingUnderLogitAdjustmentFavoursNoClass) {
  // A network that knows nothing but the frequencies is at its optimum: equal logits stay equal.
  const std::vector<std::size_t> count{7, 2, 1};
  std::vector<std::int64_t> batch;
  for (std::size_t c = 0; c < count.size(); ++c) batch.insert(batch.end(), count[c], static_cast<std::int64_t>(c));
  for (const double smoothing : {0.0, 0.05, 0.3}) {
    Trainer trainer(only_biases(), with_biases({0, 0, 0}),
                    {.optimiser = "sgd",
                     .momentum = 0,
                     .label_smoothing = smoothing,
                     .logit_adjustment = dataset::log_priors(count)});
    trainer.step(of_labels(batch), 10);
    const TrainerState after = trainer.state();
    for (const float bias : after.weights.at("head.bias").values) EXPECT_NEAR(bias, 0, 1e-5) << smoothing;
  }
}

TEST(Loss, OfMixedPicturesIsThatOfTheirMixedTruth) {
  // Against the cross entropy written out with soft targets, which sum to 1 whatever is smoothed.
  const std::vector<double> prior{std::log(0.7), std::log(0.2), std::log(0.1)};
  const std::vector<TrainerOptions> all{{},
                                        {.label_smoothing = 0.1},
                                        {.class_weight = {2, 0.5, 1}},
                                        {.logit_adjustment = prior},
                                        {.label_smoothing = 0.1, .logit_adjustment = prior}};
  const std::vector<std::int64_t> partners{2, 1, 2, 0};
  constexpr double share = 0.3;
  for (const auto& options : all) {
    const bool adjusted = !options.logit_adjustment.empty();
    const auto q = adjusted ? log_softmax({0.5 + prior[0], -1 + prior[1], 2 + prior[2]}) : p;
    double expected = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      std::vector<double> target(3);
      target[static_cast<std::size_t>(labels[i])] += share * (1 - options.label_smoothing);
      target[static_cast<std::size_t>(partners[i])] += (1 - share) * (1 - options.label_smoothing);
      for (std::size_t c = 0; c < 3; ++c) {
        target[c] += options.label_smoothing * (adjusted ? std::exp(prior[c]) : 1.0 / 3);
        expected -= target[c] * q[c] * (options.class_weight.empty() ? 1 : options.class_weight[c]) / 4;
      }
      EXPECT_NEAR(target[0] + target[1] + target[2], 1, 1e-12);
    }
    Trainer trainer(only_biases(), with_biases({0.5F, -1, 2}), options);
    Batch batch = of_labels(labels);
    batch.partners = partners;
    batch.share = share;
    EXPECT_NEAR(trainer.step(batch, 0.1), expected, 3e-6);
  }
}

TEST(Loss, WhichIsNoNumberChangesNothing) {
  Trainer trainer(only_biases(), with_biases({std::nanf(""), 0, 0}), {.ema = 0.9});
  const auto before = trainer.state();
  EXPECT_FALSE(std::isfinite(trainer.step(of_labels(labels), 0.1)));
  const auto after = trainer.state();
  EXPECT_EQ(after.steps, 0U);
  EXPECT_EQ(after.optimiser, before.optimiser);
  EXPECT_EQ(after.weights.at("head.weight"), before.weights.at("head.weight"));
}

struct Rendered {
  network::Graph graph = network::build("efficientnet-lite0", {.classes = 3, .width = 32, .height = 32});
  network::StateDict weights = network::initialise(graph, 5);
  TrainerOptions options{.weight_decay = 0.01,
                         .label_smoothing = 0.1,
                         .ema = 0.9,
                         .mean = {127, 127, 127},
                         .std = {64, 64, 64},
                         .threads = 1,
                         .seed = 3};

  static Batch batch(std::uint64_t number, std::size_t size = 6) {
    Random random(number);
    Batch batch;
    for (std::size_t i = 0; i < size * 32 * 32 * 3; ++i) {
      batch.pixels.push_back(static_cast<std::uint8_t>(random.below(256)));
    }
    for (std::size_t i = 0; i < size; ++i) batch.labels.push_back(static_cast<std::int64_t>(random.below(3)));
    return batch;
  }
};

TEST(Trainer, GoesOnToTheSameBitsFromItsState) {
  for (const char* kind : {"sgd", "adam", "adamw"}) {
    Rendered r;
    r.options.optimiser = kind;
    Trainer whole(r.graph, r.weights, r.options), before(r.graph, r.weights, r.options);
    for (std::uint64_t i = 0; i < 2; ++i) EXPECT_EQ(whole.step(r.batch(i), 0.01), before.step(r.batch(i), 0.01));
    Trainer after(r.graph, network::initialise(r.graph, 99), r.options);
    after.restore(before.state());
    for (std::uint64_t i = 2; i < 4; ++i) EXPECT_EQ(whole.step(r.batch(i), 0.01), after.step(r.batch(i), 0.01));
    EXPECT_EQ(whole.state().weights, after.state().weights) << kind;
    EXPECT_EQ(whole.state().average, after.state().average) << kind;
    EXPECT_EQ(whole.state().optimiser, after.state().optimiser) << kind;
    EXPECT_EQ(whole.state().steps, 4U);
  }
}

TEST(Trainer, LowersTheLossOfABatchThatItSeesAgainAndAgain) {
  Rendered r;
  r.options.label_smoothing = 0;
  Trainer trainer(r.graph, r.weights, r.options);
  const double before = trainer.step(r.batch(1), 0.003);
  double after = before;
  for (int i = 0; i < 25; ++i) after = trainer.step(r.batch(1), 0.003);
  EXPECT_LT(after, 0.5 * before);
}

TEST(Trainer, GivesAPictureTheSameLogitsAloneAndInABatch) {
  Rendered r;
  Trainer trainer(r.graph, r.weights, r.options);
  trainer.step(r.batch(1), 0.01);
  const Batch all = r.batch(2, 7);
  const auto together = trainer.predict(all);
  constexpr std::size_t size = 32 * 32 * 3;
  for (std::size_t i = 0; i < all.labels.size(); ++i) {
    const auto begin = all.pixels.begin() + static_cast<std::ptrdiff_t>(i * size);
    const auto alone = trainer.predict({.pixels = {begin, begin + static_cast<std::ptrdiff_t>(size)}, .labels = {0}});
    for (std::size_t c = 0; c < 3; ++c) {
      const double expected = together.logits[3 * i + c];
      EXPECT_NEAR(alone.logits[c], expected, 1e-5 * std::max(1.0, std::abs(expected)));
    }
  }
}

TEST(Trainer, RefusesAnotherNetworksState) {
  Rendered r;
  Trainer trainer(r.graph, r.weights, r.options), other(only_biases(), with_biases({0, 0, 0}), {.ema = 0.9});
  EXPECT_THROW(trainer.restore(other.state()), InputError);
}

}  // namespace
}  // namespace naevus::train
