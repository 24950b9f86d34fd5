#include "naevus/evaluate/compare.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "naevus/base/error.hpp"
#include "naevus/base/random.hpp"
#include "naevus/metrics/auc_inference.hpp"
#include "naevus/metrics/mcnemar.hpp"

namespace naevus::evaluate {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

/// Answers to `count` pictures of classes mel and nv, right with some chance.
Predictions answers(const std::string& source, std::size_t count, std::uint64_t seed) {
  Predictions result;
  result.source = source;
  result.part = "all";
  result.classes = {"mel", "nv"};
  result.malignant = {"mel"};
  result.malignant_threshold = 0.4;
  Random random(seed);
  for (std::size_t i = 0; i < count; ++i) {
    const int truth = i % 3 == 0 ? 0 : 1;
    result.cases.push_back({.image = fmt::format("{}.jpg", i),
                            .path = {},
                            .label = result.classes[static_cast<std::size_t>(truth)],
                            .truth = truth,
                            .lesion_id = {},
                            .patient_id = {}});
    const double mel = std::clamp((truth == 0 ? 0.6 : 0.35) + 0.2 * random.normal(), 0.0, 1.0);
    result.probabilities.insert(result.probabilities.end(), {mel, 1 - mel});
  }
  return result;
}

const ComparedScore& score(const Comparison& comparison, const std::string& name, const std::string& of = {}) {
  for (const ComparedScore& item : comparison.scores)
    if (item.name == name && item.of == of) return item;
  throw std::logic_error("there is no score " + name + " of " + of);
}

CompareOptions quick() {
  return {.bootstrap = {.resamples = 200}};
}

TEST(Compare, FindsNoDifferenceBetweenAModelAndItself) {
  const Comparison comparison = compare(answers("a", 60, 1), answers("a", 60, 1), quick());
  for (const ComparedScore& item : comparison.scores) {
    ASSERT_TRUE(item.p_value) << item.name << item.of;
    EXPECT_EQ(*item.p_value, 1) << item.name << item.of;
    EXPECT_EQ(*item.first, *item.second);
  }
  EXPECT_EQ(comparison.agreement->kappa, 1);
}

TEST(Compare, TurnsItsSignWhenTheModelsChangePlaces) {
  const Comparison one = compare(answers("a", 90, 1), answers("b", 90, 2), quick());
  const Comparison other = compare(answers("b", 90, 2), answers("a", 90, 1), quick());
  for (std::size_t i = 0; i < one.scores.size(); ++i) {
    EXPECT_EQ(one.scores[i].first, other.scores[i].second);
    EXPECT_NEAR(*one.scores[i].p_value, *other.scores[i].p_value, 1e-12);
    EXPECT_NEAR(one.scores[i].interval->low, -other.scores[i].interval->high, 1e-12);
  }
}

TEST(Compare, MatchesPicturesAndClassesByTheirNames) {
  const Predictions first = answers("a", 60, 1), second = answers("b", 60, 2);
  Predictions turned = second;
  turned.classes = {"nv", "mel"};
  std::reverse(turned.probabilities.begin(), turned.probabilities.end());  // rows, and the two columns
  std::reverse(turned.cases.begin(), turned.cases.end());
  for (Case& item : turned.cases) item.truth = 1 - item.truth;
  EXPECT_EQ(to_json(compare(first, second, quick())), to_json(compare(first, turned, quick())));
}

TEST(Compare, UsesDeLongAndMcNemarWhereEveryPictureStandsByItself) {
  const Predictions a = answers("a", 60, 1), b = answers("b", 60, 2);
  const Comparison comparison = compare(a, b, quick());
  const ComparedScore& area = score(comparison, "AUC", "malignant");
  EXPECT_EQ(area.method, "DeLong");
  std::vector<std::uint8_t> positive;
  std::vector<double> of_a, of_b;
  std::uint64_t only_a = 0, only_b = 0;  // malignant cases that only one calls malignant
  for (std::size_t i = 0; i < 60; ++i) {
    positive.push_back(a.cases[i].truth == 0 ? 1 : 0);
    of_a.push_back(a.probabilities[2 * i]);
    of_b.push_back(b.probabilities[2 * i]);
    if (positive.back() == 0) continue;
    if (of_a.back() >= 0.4 && of_b.back() < 0.4) ++only_a;
    if (of_a.back() < 0.4 && of_b.back() >= 0.4) ++only_b;
  }
  EXPECT_NEAR(*area.p_value, metrics::compare_auc(of_a, of_b, positive)->p_value, 1e-12);
  const ComparedScore& sensitivity = score(comparison, "sensitivity", "malignant");
  EXPECT_EQ(sensitivity.only_first, only_a);
  EXPECT_EQ(sensitivity.only_second, only_b);
  EXPECT_NEAR(*sensitivity.p_value, metrics::mcnemar_test(only_a, only_b).mid_p, 1e-12);
  EXPECT_THAT(sensitivity.method, HasSubstr("McNemar"));
}

/// Each picture of a lesion says the same, so that twenty of them are worth no more than one.
TEST(Compare, TakesALesionsPicturesForOneWitness) {
  const Predictions a = answers("a", 60, 1), b = answers("b", 60, 2);
  const auto copied = [](const Predictions& once) {
    Predictions many = once;
    many.cases.clear();
    many.probabilities.clear();
    for (std::size_t i = 0; i < once.cases.size(); ++i)
      for (int k = 0; k < 20; ++k) {
        many.cases.push_back(once.cases[i]);
        many.cases.back().image = fmt::format("{}-{}", i, k);
        many.cases.back().lesion_id = fmt::format("L{}", i);
        many.probabilities.insert(many.probabilities.end(), {once.probabilities[2 * i], once.probabilities[2 * i + 1]});
      }
    return many;
  };
  const Comparison single = compare(a, b, quick()), many = compare(copied(a), copied(b), quick());
  EXPECT_EQ(many.unit, "lesions");
  EXPECT_EQ(many.units, 60U);
  EXPECT_EQ(score(many, "AUC", "mel").method, "Obuchowski");
  EXPECT_EQ(score(many, "accuracy").method, "paired bootstrap of lesions");
  EXPECT_NEAR(*score(many, "AUC", "mel").p_value, *score(single, "AUC", "mel").p_value, 1e-9);
  EXPECT_NEAR(*score(many, "balanced accuracy").p_value, *score(single, "balanced accuracy").p_value, 1e-9);
}

TEST(Compare, NamesWhatOnlyOneCanScore) {
  Predictions a = answers("a.onnx", 60, 1), b = answers("b.onnx", 60, 2);
  b.failures.push_back({b.cases.back().image, "the file is empty (0 bytes)"});
  b.cases.pop_back();
  b.probabilities.resize(b.probabilities.size() - 2);
  a.cases.erase(a.cases.begin());
  a.probabilities.erase(a.probabilities.begin(), a.probabilities.begin() + 2);
  const Comparison comparison = compare(a, b, quick());
  EXPECT_EQ(comparison.first.cases.size(), 58U);
  ASSERT_EQ(comparison.left_out.size(), 2U);
  EXPECT_EQ(comparison.left_out[0].image, "59.jpg");
  EXPECT_EQ(comparison.left_out[0].reason, "b.onnx: the file is empty (0 bytes)");
  EXPECT_EQ(comparison.left_out[1].image, "0.jpg");
  EXPECT_EQ(comparison.left_out[1].reason, "a.onnx: has no answer to it");
}

TEST(Compare, SaysWhatCanNotBeCompared) {
  Predictions other = answers("b", 60, 2);
  other.classes = {"bkl", "nv"};
  EXPECT_THROW(compare(answers("a", 60, 1), other, quick()), InputError);
  Predictions foreign = answers("b", 60, 2);
  for (Case& item : foreign.cases) item.image = "x/" + item.image;
  EXPECT_THROW(compare(answers("a", 60, 1), foreign, quick()), InputError);
  Predictions contrary = answers("b", 60, 2);
  contrary.cases[0].label = "nv";
  contrary.cases[0].truth = 1;
  EXPECT_THROW(compare(answers("a", 60, 1), contrary, quick()), InputError);
  Predictions unlimited = answers("b", 60, 2);
  unlimited.malignant_threshold.reset();
  EXPECT_EQ(score(compare(answers("a", 60, 1), unlimited, quick()), "sensitivity", "malignant").missing,
            "b has no malignant threshold");
}

TEST(Compare, TwoPerfectOrdersAreNotCertainlyEqual) {
  const auto perfect = [](Predictions all, double step) {
    for (std::size_t i = 0; i < all.cases.size(); ++i) {
      const double mel = (all.cases[i].truth == 0 ? 0.7 : 0.2) + step * static_cast<double>(i);
      all.probabilities[2 * i] = mel;
      all.probabilities[2 * i + 1] = 1 - mel;
    }
    return all;
  };
  const Comparison comparison =
      compare(perfect(answers("a", 12, 1), 0.01), perfect(answers("b", 12, 2), 0.005), quick());
  const ComparedScore& area = score(comparison, "AUC", "malignant");
  EXPECT_EQ(*area.first, 1);
  EXPECT_EQ(*area.second, 1);
  EXPECT_FALSE(area.p_value);
  ASSERT_TRUE(area.interval);
  EXPECT_LT(area.interval->low, -0.1);  // four of one kind, eight of the other say little
  EXPECT_DOUBLE_EQ(area.interval->low, -area.interval->high);
  EXPECT_THAT(comparison.methods(), Contains(HasSubstr("Newcombe (2006, method 5)")));
}

TEST(Compare, OfOneClassGivesWhatExistsAndTheReasonForTheRest) {
  const auto only_nv = [](Predictions all) {
    Predictions some = all;
    some.cases.clear();
    some.probabilities.clear();
    for (std::size_t i = 0; i < all.cases.size(); ++i) {
      if (all.cases[i].truth == 0) continue;
      some.cases.push_back(all.cases[i]);
      some.probabilities.insert(some.probabilities.end(), {all.probabilities[2 * i], all.probabilities[2 * i + 1]});
    }
    return some;
  };
  const Comparison comparison = compare(only_nv(answers("a", 60, 1)), only_nv(answers("b", 60, 2)), quick());
  EXPECT_EQ(score(comparison, "AUC", "malignant").missing, "no case is malignant");
  EXPECT_EQ(score(comparison, "AUC", "nv").missing, "every case is nv");
  EXPECT_EQ(score(comparison, "sensitivity", "mel").missing, "no case is mel");
  EXPECT_FALSE(score(comparison, "macro AUC").first);
  EXPECT_TRUE(score(comparison, "accuracy").p_value);
  EXPECT_THAT(to_text(comparison), HasSubstr("no case is malignant"));
  EXPECT_THAT(to_html(comparison), HasSubstr("no case is malignant"));
  EXPECT_TRUE(nlohmann::json::accept(to_json(comparison)));
}

}  // namespace
}  // namespace naevus::evaluate
