#include "naevus/infer/classifier.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <numeric>
#include <thread>

#include "fixture.hpp"
#include "pooled_head.hpp"

namespace naevus::infer {
namespace {
namespace fs = std::filesystem;
using testing::HasSubstr;

const ClassifierOptions no_cache{.threads = 2, .cache = fs::path()};

void expect_same_bits(const Answer& a, const Answer& b) {
  EXPECT_EQ(a.probabilities, b.probabilities);
  EXPECT_EQ(a.logits, b.logits);
  EXPECT_EQ(a.embedding, b.embedding);
  EXPECT_EQ(a.ood_score, b.ood_score);
  EXPECT_EQ(a.malignant, b.malignant);
}

const Error& failure(const Outcome& outcome) {
  return std::get<Error>(outcome);
}

TEST_F(Infer, ProbabilitiesAreTheSoftmaxOfTheLogitsOverTheTemperature) {
  const Classifier classifier(write_model(), no_cache);
  const Answer answer = classifier.classify(std::vector{picture(1)}).at(0);
  double sum = 0;
  for (const float logit : answer.logits) sum += std::exp(static_cast<double>(logit) / 1.7);
  ASSERT_EQ(answer.probabilities.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_NEAR(static_cast<double>(answer.probabilities[i]),
                std::exp(static_cast<double>(answer.logits[i]) / 1.7) / sum, 1e-6);
  EXPECT_EQ(answer.malignant, static_cast<double>(answer.probabilities[1]));
}

TEST_F(Infer, ProbabilitiesAreTheSoftmaxOfWeightedAndShiftedLogitsAfterVectorScaling) {
  const auto plain = write_model();
  model::Card card = model::read_card(plain);
  card.temperature = 1;
  card.vector_scaling = {{0.5, 1.25, 2}, {-1, 0.25, 0.5}};
  write_file(folder() / "scaled.onnx", model::with_card(plain, card));
  const Classifier classifier(folder() / "scaled.onnx", no_cache);
  const Answer answer = classifier.classify(std::vector{picture(1)}).at(0);
  EXPECT_EQ(answer.logits, Classifier(plain, no_cache).classify(std::vector{picture(1)}).at(0).logits);
  std::vector<double> share;
  for (std::size_t i = 0; i < 3; ++i)
    share.push_back(std::exp(card.vector_scaling->weight[i] * static_cast<double>(answer.logits[i]) +
                             card.vector_scaling->bias[i]));
  const double sum = share[0] + share[1] + share[2];
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(static_cast<double>(answer.probabilities[i]), share[i] / sum, 1e-6);
}

TEST_F(Infer, APictureHasTheSameAnswerAloneInAnyBatchAndOnAnyNumberOfThreads) {
  const auto model = write_model("efficientnet-lite0", 96);
  std::vector<image::Image> pictures;
  for (std::uint64_t seed = 0; seed < 13; ++seed) pictures.push_back(picture(seed, 96, 96));
  const std::vector<Answer> together = Classifier(model, no_cache).classify(pictures);
  for (const int threads : {1, 3}) {
    const Classifier classifier(model, {.threads = threads, .cache = fs::path()});
    for (std::size_t i = 0; i < pictures.size(); ++i)
      expect_same_bits(classifier.classify({&pictures[i], 1}).at(0), together[i]);
  }
}

TEST_F(Infer, AnswersTheSameWhenCalledFromManyThreadsAtOnce) {
  const Classifier classifier(write_model(), no_cache);
  std::vector<image::Image> pictures;
  for (std::uint64_t seed = 0; seed < 20; ++seed) pictures.push_back(picture(seed));
  const std::vector<Answer> reference = classifier.classify(pictures);
  std::vector<std::vector<Answer>> answers(4);
  {
    std::vector<std::jthread> callers;
    for (auto& mine : answers) callers.emplace_back([&] { mine = classifier.classify(pictures); });
  }
  for (const auto& mine : answers)
    for (std::size_t i = 0; i < pictures.size(); ++i) expect_same_bits(mine.at(i), reference[i]);
}

TEST_F(Infer, FilesAnswerAsTheirPreparedPicturesDoAndBrokenOnesAreNamed) {
  const Classifier classifier(write_model(), no_cache);
  write_file(folder() / "text.jpg", "this is no picture");
  write_file(folder() / "empty.png", "");
  const auto whole = read_file(write_picture("whole.png", 3));
  write_file(folder() / "cut.png", std::span(whole).first(whole.size() / 2));
  const std::vector<fs::path> files = {write_picture("a.png", 1), folder() / "text.jpg", folder() / "missing.png",
                                       folder() / "empty.png",    folder() / "cut.png",  write_picture("b.png", 2)};
  std::size_t done = 0;
  const auto outcomes = classifier.classify_files(files, [&](std::size_t) { ++done; });
  EXPECT_EQ(done, files.size());
  ASSERT_EQ(outcomes.size(), files.size());
  for (const std::size_t i : {1U, 2U, 3U, 4U}) EXPECT_EQ(failure(outcomes[i]).where(), files[i].string());
  for (const std::size_t i : {0U, 5U}) {
    const auto prepared = image::prepare(picture(i == 0 ? 1 : 2, 80, 64), classifier.preparation());
    expect_same_bits(std::get<Answer>(outcomes[i]), classifier.classify({&prepared, 1}).at(0));
  }
}

TEST_F(Infer, StreamedAnswersComeInOrderAndOnce) {
  const Classifier classifier(write_model(), {.threads = 3, .cache = fs::path()});
  std::vector<fs::path> files;
  for (std::uint64_t i = 0; i < 200; ++i)
    files.push_back(i % 3 == 0 ? folder() / "missing.png" : write_picture(std::to_string(i % 7) + ".png", i % 7));
  const auto reference = classifier.classify_files(files);
  std::size_t expected = 0;
  classifier.stream_files(files, [&](std::size_t index, Outcome outcome) {
    ASSERT_EQ(index, expected++);
    ASSERT_EQ(outcome.index(), reference[index].index());
    if (const auto* answer = std::get_if<Answer>(&outcome))
      expect_same_bits(*answer, std::get<Answer>(reference[index]));
  });
  EXPECT_EQ(expected, files.size());
}

TEST_F(Infer, AnErrorOfTheTakerEndsTheStream) {
  const Classifier classifier(write_model(), no_cache);
  const std::vector<fs::path> files(100, write_picture("a.png", 1));
  EXPECT_THROW(classifier.stream_files(files,
                                       [](std::size_t index, const Outcome&) {
                                         if (index == 5) throw IoError("disk full");
                                       }),
               IoError);
}

TEST_F(Infer, StopsWhenAsked) {
  const Classifier classifier(write_model(), no_cache);
  const std::vector<fs::path> files(100, write_picture("a.png", 1));
  StopToken stop;
  std::size_t done = 0;
  const auto on_done = [&](std::size_t) {
    if (++done == 3) stop.request();
  };
  EXPECT_THROW(classifier.classify_files(files, on_done, stop), Cancelled);
  EXPECT_LT(done, files.size());
  EXPECT_THROW(classifier.stream_files(files, [](std::size_t, const Outcome&) {}, stop), Cancelled);
}

TEST_F(Infer, APictureOfAnotherSizeIsRefused) {
  const Classifier classifier(write_model(), no_cache);
  EXPECT_THROW(classifier.classify(std::vector{picture(1, 64, 63)}), InputError);
}

TEST_F(Infer, WhatIsNotOurModelIsRefused) {
  write_file(folder() / "text.onnx", "not a model");
  EXPECT_THROW(Classifier(folder() / "text.onnx", no_cache), InputError);
  EXPECT_THROW(Classifier(folder() / "missing.onnx", no_cache), IoError);
  EXPECT_THROW(Classifier(folder(), no_cache), Error);
  const auto whole = read_file(write_model());
  for (const std::size_t part : {whole.size() / 1000, whole.size() / 2, whole.size() - 1}) {
    write_file(folder() / "cut.onnx", std::span(whole).first(part));
    EXPECT_THROW(Classifier(folder() / "cut.onnx", no_cache), InputError) << part;
  }
}

TEST_F(Infer, TheActivationMapsMeanPlusTheBiasIsTheLogit) {
  for (const std::string architecture : {"scratch-cnn", "efficientnet-lite0", "resnet18"}) {
    const Classifier classifier(write_model(architecture, 96), no_cache);
    const auto image = picture(5, 96, 96);
    const Answer answer = classifier.classify({&image, 1}).at(0);
    for (std::size_t k = 0; k < 3; ++k) {
      const ActivationMap map = classifier.activation_map(image, k);
      const double sum = std::accumulate(map.values.begin(), map.values.end(), 0.0);
      const double logit = static_cast<double>(answer.logits[k]);
      EXPECT_NEAR(sum / static_cast<double>(map.values.size()) + static_cast<double>(map.bias), logit,
                  1e-4 * std::max(1.0, std::abs(logit)))
          << architecture;
    }
    EXPECT_THROW(classifier.activation_map(image, 3), InputError);
  }
}

TEST_F(Infer, SaliencyHasTheCardsSizeAndRunsFromZeroToOne) {
  const Classifier classifier(write_model(), no_cache);
  const auto image = picture(5);
  for (std::size_t k = 0; k < 3; ++k) {
    const auto values = classifier.saliency(image, k);
    ASSERT_EQ(values.size(), 64U * 64U);
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    EXPECT_GE(*low, 0);
    EXPECT_TRUE(*high == 1 || *high == 0);
  }
}

TEST(PooledHead, IsNotFoundInANetworkWithHiddenLayersBehindTheMaps) {
  model::Model model{.graph = network::build("vgg16", {.classes = 3})};
  EXPECT_THROW(pooled_head(model, "vgg16.onnx"), InputError);
}

}  // namespace
}  // namespace naevus::infer
