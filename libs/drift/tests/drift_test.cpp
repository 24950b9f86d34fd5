#include "naevus/drift/drift.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "naevus/base/file.hpp"
#include "naevus/base/random.hpp"
#include "naevus/image/encode.hpp"

namespace naevus::drift {
namespace {

const std::vector<std::string> classes{"bcc", "mel", "nv"};

/// Answers about pictures whose sharpness and brightness lie that much higher than usual.
std::vector<Observation> answers(std::size_t n, Random& random, double sharper = 0, double brighter = 0) {
  std::vector<Observation> list;
  for (std::size_t i = 0; i < n; ++i)
    list.push_back({.predicted = classes[random.below(3)],
                    .measures = {{"sharpness", 0.7 + 0.1 * random.normal() + sharper},
                                 {"brightness", 0.6 + 0.1 * random.normal() + brighter}}});
  return list;
}

const Change& of(const std::vector<Change>& all, const std::string& measure) {
  return *std::find_if(all.begin(), all.end(), [&](const Change& one) { return one.measure == measure; });
}

TEST(Drift, OfAnswersAsBeforeIsStable) {
  Random random(1);
  const auto reference = reference_of(answers(600, random), classes, "held-out pictures");
  EXPECT_EQ(reference.measures.at("sharpness").counts, std::vector<std::uint64_t>(10, 60));
  const auto all = changes(reference, classes, answers(1000, random));
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all.front().measure, "predicted");
  for (const Change& one : all) EXPECT_EQ(one.verdict, Verdict::stable) << one.measure;
}

TEST(Drift, NamesTheMeasureThatMoved) {
  Random random(2);
  const auto reference = reference_of(answers(600, random), classes, "held-out pictures");
  const auto all = changes(reference, classes, answers(200, random, -0.2));
  EXPECT_EQ(of(all, "sharpness").verdict, Verdict::shifted);
  EXPECT_EQ(of(all, "brightness").verdict, Verdict::stable);
  EXPECT_EQ(of(all, "predicted").verdict, Verdict::stable);
}

TEST(Drift, IsNotClaimedFromAFewAnswers) {
  Random random(3);
  const auto reference = reference_of(answers(600, random), classes, "held-out pictures");
  int by_custom = 0, proven = 0;
  for (int i = 0; i < 200; ++i) {
    const auto all = changes(reference, classes, answers(30, random));
    by_custom += std::ranges::any_of(all, [](const Change& one) { return one.stability->psi > 0.25; }) ? 1 : 0;
    proven += std::ranges::any_of(all, [](const Change& one) { return one.verdict > Verdict::unproven; }) ? 1 : 0;
  }
  EXPECT_GT(by_custom, 100);
  EXPECT_LT(proven, 20);  // 5 % of 200, and three standard errors
}

TEST(Drift, WithoutAnswersIsUnknown) {
  Random random(4);
  const auto reference = reference_of(answers(50, random), classes, "held-out pictures");
  for (const Change& one : changes(reference, classes, {})) {
    EXPECT_EQ(one.verdict, Verdict::unknown);
    EXPECT_FALSE(one.stability);
  }
}

TEST(Drift, ObservesTheClassTheMalignantShareAndTheScoreOfAnAnswer) {
  model::Card card;
  card.classes = classes;
  card.malignant = {"bcc", "mel"};
  const std::vector<double> probabilities{0.5, 0.25, 0.25, 0.125, 0.25, 0.625}, score{1.5, -2};
  const auto observed = observations_of(card, probabilities, score);
  ASSERT_EQ(observed.size(), 2U);
  EXPECT_EQ(observed[0].predicted, "bcc");
  EXPECT_EQ(observed[0].measures, (Measures{{"malignant", 0.75}, {"ood_score", 1.5}}));
  EXPECT_EQ(observed[1].predicted, "nv");
  EXPECT_EQ(observed[1].measures, (Measures{{"malignant", 0.375}, {"ood_score", -2}}));
  card.malignant.clear();
  EXPECT_TRUE(observations_of(card, probabilities, {})[0].measures.empty());
}

TEST(Drift, LeavesOutWhatAPictureHasNot) {
  Random random(5);
  auto before = answers(100, random);
  for (std::size_t i = 0; i < 50; ++i) before[i].measures["lesion_area"] = 0.1 + 0.01 * static_cast<double>(i);
  const auto reference = reference_of(before, classes, "held-out pictures");
  EXPECT_THAT(reference.measures.at("lesion_area").counts, testing::Each(5));
  EXPECT_FALSE(of(changes(reference, classes, answers(100, random)), "lesion_area").stability);
}

TEST(Drift, MeasuresFilesAndSkipsThoseThatCannotBeRead) {
  const TemporaryFolder folder;
  write_file(folder / "no-picture.jpg", std::string("no picture"));
  image::Image dark(64, 64);
  std::fill(dark.pixels.begin(), dark.pixels.end(), std::uint8_t{51});
  write_file(folder / "dark.png", image::encode_png(dark));
  WorkerPool pool(2);
  const std::vector<std::filesystem::path> files{folder / "no-picture.jpg", folder / "dark.png", folder / "nowhere"};
  const auto measured = measure_files(files, pool);
  ASSERT_EQ(measured.size(), 3U);
  EXPECT_TRUE(measured[0].empty());
  EXPECT_NEAR(measured[1].at("brightness"), 0.2, 0.01);
  EXPECT_TRUE(measured[2].empty());
}

}  // namespace
}  // namespace naevus::drift
