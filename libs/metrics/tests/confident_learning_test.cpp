// Confident learning against cleanlab: tests/golden/confident_learning.json, made by make_confident_learning.py beside
// it.
#include "naevus/metrics/confident_learning.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"

namespace naevus::metrics {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::IsEmpty;

struct Case {
  json golden;
  std::size_t classes = 0;
  std::vector<int> labels;
  std::vector<double> probabilities;
};

std::vector<Case> cases() {
  const json file = json::parse(read_text(NAEVUS_SOURCE_DIR "/tests/golden/confident_learning.json"));
  std::vector<Case> list;
  for (const json& golden : file.at("cases"))
    list.push_back({.golden = golden,
                    .classes = golden.at("classes"),
                    .labels = golden.at("labels"),
                    .probabilities = golden.at("probabilities")});
  return list;
}

TEST(ConfidentLearning, ThresholdsAndSelfConfidenceEqualCleanlabs) {
  for (const Case& item : cases()) {
    SCOPED_TRACE(item.golden.at("name"));
    const auto theirs = item.golden.at("thresholds").get<std::vector<double>>();
    const auto ours = confident_thresholds(item.probabilities, item.labels, item.classes);
    ASSERT_EQ(ours.size(), theirs.size());
    for (std::size_t k = 0; k < ours.size(); ++k) EXPECT_NEAR(ours[k], theirs[k], 1e-15) << k;
    EXPECT_EQ(label_quality(item.probabilities, item.labels, item.classes),
              item.golden.at("quality").get<std::vector<double>>());
  }
}

TEST(ConfidentLearning, TheConfidentJointEqualsCleanlabs) {
  for (const Case& item : cases()) {
    SCOPED_TRACE(item.golden.at("name"));
    const ConfidentJoint joint = confident_joint(item.probabilities, item.labels, item.classes);
    EXPECT_EQ(joint.count, item.golden.at("joint").get<std::vector<std::int64_t>>());
    EXPECT_EQ(joint.off_diagonal, item.golden.at("off_diagonal").get<std::vector<std::size_t>>());
    EXPECT_EQ(calibrated(joint, item.labels).count, item.golden.at("calibrated").get<std::vector<std::int64_t>>());
  }
}

TEST(ConfidentLearning, LabelIssuesAndTheirOrderEqualCleanlabs) {
  std::size_t found = 0;
  for (const Case& item : cases()) {
    SCOPED_TRACE(item.golden.at("name"));
    const auto issues =
        find_label_issues(item.probabilities, item.labels, item.classes,
                          {.min_examples_per_class = item.golden.at("min_examples_per_class").get<int>()});
    EXPECT_EQ(issues, item.golden.at("issues").get<std::vector<std::size_t>>());
    found += issues.size();
  }
  EXPECT_GT(found, 100);
}

TEST(ConfidentLearning, APlantedSwapIsFound) {
  // Ten pictures of each class that a model knows; the fourth carries the other label.
  std::vector<double> probabilities;
  std::vector<int> labels;
  for (int i = 0; i < 20; ++i) {
    const double p = i < 10 ? 0.9 : 0.1;
    probabilities.insert(probabilities.end(), {p, 1 - p});
    labels.push_back(i < 10 ? 0 : 1);
  }
  EXPECT_THAT(find_label_issues(probabilities, labels, 2), IsEmpty());
  labels[3] = 1;
  EXPECT_THAT(find_label_issues(probabilities, labels, 2), ElementsAre(3));
}

TEST(ConfidentLearning, InputThatMakesNoSenseIsRefused) {
  const std::vector<double> probabilities{0.5, 0.5, 0.2, 0.8};
  const std::vector<int> labels{0, 1};
  EXPECT_THROW(confident_joint(probabilities, std::vector<int>{0}, 2), InputError);
  EXPECT_THROW(confident_joint(probabilities, std::vector<int>{0, 2}, 2), InputError);
  EXPECT_THROW(confident_joint(probabilities, std::vector<int>{0, -1}, 2), InputError);
  EXPECT_THROW(confident_joint({}, {}, 2), InputError);
  EXPECT_THROW(confident_joint({}, {}, 0), InputError);
  EXPECT_THROW(confident_joint(std::vector<double>{0.5, 0.5, 0.2, 1.8}, labels, 2), InputError);
  EXPECT_THROW(confident_joint(std::vector<double>{0.5, 0.5, 0.2, std::numeric_limits<double>::quiet_NaN()}, labels, 2),
               InputError);
  EXPECT_THROW(find_label_issues(probabilities, std::vector<int>{1, 1}, 2), InputError);
  EXPECT_THROW(find_label_issues(probabilities, labels, 2, {.min_examples_per_class = -1}), InputError);
}

}  // namespace
}  // namespace naevus::metrics
