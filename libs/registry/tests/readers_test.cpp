#include "naevus/registry/readers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "answers.hpp"
#include "naevus/base/random.hpp"

namespace naevus::registry {
namespace {

/// Pictures that the model is right about with that chance, read by one reader, some labels of whom are wrong.
std::vector<store::ReadPicture> read_by(const std::string& reader, std::size_t count, double model_right, double wrong,
                                        std::uint64_t seed) {
  Random random(seed);
  std::vector<store::ReadPicture> pictures;
  for (std::size_t i = 0; i < count; ++i) {
    const int truth = static_cast<int>(i % 3);
    const int called = random.uniform() < model_right ? truth : (truth + 1) % 3;
    const int label = random.uniform() < wrong ? (truth + 2) % 3 : truth;
    store::ReadPicture picture;
    picture.first.classes = three_classes;
    picture.first.probabilities = calling(called);
    picture.opinions = {{.reader = reader, .label = three_classes[static_cast<std::size_t>(label)]}};
    pictures.push_back(std::move(picture));
  }
  return pictures;
}

std::vector<store::ReadPicture> both(std::vector<store::ReadPicture> first,
                                     const std::vector<store::ReadPicture>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

TEST(Readers, AFifthOfWrongLabelsIsFoundAndTheModelsOwnMistakesAreNotTheReaders) {
  const auto pictures = both(read_by("honest", 300, 0.8, 0, 1), read_by("poisoner", 300, 0.8, 0.2, 2));
  const auto checks = check_readers(pictures, answers(600, 0.8, 3));
  EXPECT_EQ(checks.reference.cases, 600U);
  ASSERT_EQ(checks.readers.size(), 2U);
  EXPECT_EQ(checks.readers[0].reader, "honest");
  EXPECT_TRUE(checks.readers[0].believed);
  EXPECT_EQ(checks.readers[1].reader, "poisoner");
  EXPECT_FALSE(checks.readers[1].believed);
  EXPECT_EQ(checks.readers[1].doubted.cases, 300U);
  EXPECT_GT(checks.readers[1].doubted.hits, checks.readers[0].doubted.hits + 30);
  EXPECT_LT(checks.readers[1].p_value, 0.005);
}

TEST(Readers, OneInAThousandHonestReadersOrFewerIsDoubted) {
  int doubted = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    const auto checks = check_readers(read_by("honest", 100, 0.8, 0, seed), answers(400, 0.8, seed + 1000));
    doubted += checks.readers.at(0).believed ? 0 : 1;
  }
  EXPECT_LE(doubted, 9);  // of 300 at the level of 0.01, by chance (binomial) in 99 of 100 such tests at most 8
}

TEST(Readers, OpinionsThatCanNotBeJudgedDoNotCount) {
  auto pictures = read_by("a", 30, 1, 0, 1);
  pictures[0].first.classes = {"benign", "malignant"};
  pictures[0].first.probabilities = {0.5, 0.5};
  pictures[1].opinions[0].label = "wart";
  const auto checks = check_readers(pictures, answers(60, 0.9, 3));
  EXPECT_EQ(checks.readers.at(0).doubted.cases, 28U);
  EXPECT_TRUE(checks.readers.at(0).believed);
}

TEST(Readers, WithoutReadersNobodyIsJudged) {
  EXPECT_TRUE(check_readers({}, answers(60, 0.9, 3)).readers.empty());
}

}  // namespace
}  // namespace naevus::registry
