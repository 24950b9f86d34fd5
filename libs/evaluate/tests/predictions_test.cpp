#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/evaluate/calibrate.hpp"
#include "naevus/evaluate/output.hpp"

namespace naevus::evaluate {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class PredictionsFile : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove_all(folder_); }

  dataset::Manifest manifest(const std::string& text) {
    write_file(folder_ / "m.csv", text);
    return dataset::read_manifest(folder_ / "m.csv");
  }
  Predictions read(const std::string& text, const dataset::Manifest* manifest = nullptr,
                   const std::string& part = "test") {
    write_file(folder_ / "p.csv", text);
    return read_predictions(folder_ / "p.csv", manifest, part);
  }
  std::string problem_of(const std::string& text) {
    try {
      read(text);
    } catch (const InputError& error) {
      return error.what();
    }
    return "no error";
  }

  std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) /
      fmt::format("naevus_{}", testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(PredictionsFile, SaysWhichLineIsWrong) {
  const std::string header = "image,label,p_a,p_b\nx.jpg,a,0.5,0.5\n";
  EXPECT_THAT(problem_of(header + "y.jpg,b,0.5,0.6\n"), HasSubstr("p.csv:3: the probabilities sum to 1.1, not to 1"));
  EXPECT_THAT(problem_of(header + "y.jpg,b,nan,0.6\n"), HasSubstr("p.csv:3: 'nan' in column 'p_a'"));
  EXPECT_THAT(problem_of(header + "y.jpg,b,-0.1,1.1\n"), HasSubstr("'-0.1' in column 'p_a' is not a probability"));
  EXPECT_THAT(problem_of(header + "y.jpg,b,1e999,0\n"), HasSubstr("'1e999'"));
  EXPECT_THAT(problem_of(header + "y.jpg,b,,1\n"), HasSubstr("'' in column 'p_a'"));
  EXPECT_THAT(problem_of(header + "y.jpg,b,0x1,0\n"), HasSubstr("'0x1'"));
  EXPECT_THAT(problem_of(header + "x.jpg,a,0.4,0.6\n"), HasSubstr("other probabilities here than in line 2"));
}

TEST_F(PredictionsFile, AsksForItsColumns) {
  EXPECT_THAT(problem_of("file,label,p_a,p_b\nx,a,0.5,0.5\n"), HasSubstr("no column 'image'"));
  EXPECT_THAT(problem_of("image,label,p_a\nx,a,1\n"), HasSubstr("has 1 columns of probabilities"));
  EXPECT_THAT(problem_of("image,p_a,p_b\nx,0.5,0.5\n"), HasSubstr("no column 'label'"));
  EXPECT_THAT(problem_of("image,label,p_a,p_b\n"), HasSubstr("lists no pictures"));
}

TEST_F(PredictionsFile, NamesEveryPictureThatHasNoScore) {
  const auto table = manifest(
      "image,label,split\n1.jpg,a,test\n2.jpg,b,test\n3.jpg,zebra,test\n4.jpg,,test\n5.jpg,a,test\n6.jpg,a,train\n");
  const Predictions found =
      read("image,p_a,p_b\n1.jpg,0.5,0.5\n2.jpg,0,1\n3.jpg,0.5,0.5\n4.jpg,1,0\n6.jpg,1,0\n7.jpg,1,0\n", &table);
  EXPECT_EQ(found.cases.size(), 2U);
  std::vector<std::string> named;
  for (const Failure& failure : found.failures) named.push_back(failure.image + " " + failure.reason);
  EXPECT_THAT(named, ElementsAre("3.jpg its label 'zebra' is none of the classes a, b", "4.jpg has no label",
                                 "7.jpg is not in the manifest", "5.jpg has no prediction"));
}

TEST_F(PredictionsFile, TheManifestsLabelCounts) {
  const auto table = manifest("image,label,split\n1.jpg,a,test\n./2.jpg,,test\n");
  const Predictions found = read("image,label,p_a,p_b\n1.jpg,b,1,0\n2.jpg,b,0,1\n", &table);
  ASSERT_EQ(found.cases.size(), 2U);
  EXPECT_EQ(found.cases[0].label, "a");
  EXPECT_EQ(found.cases[1].label, "b");
  EXPECT_THAT(found.warnings, ElementsAre(HasSubstr("1 pictures have another label")));
}

TEST_F(PredictionsFile, WrittenAndReadAgainGivesTheSameScoresToTheLastBit) {
  const Predictions first = read(
      "image,label,p_a,\"p_b,c\"\n\"x, 1.jpg\",a,0.1234567890123456,0.8765432109876544\nмать.jpg,\"b,c\",0.3,0.7\n");
  const std::string text = predictions_csv(first);
  const Predictions second = read(text);
  EXPECT_EQ(first.probabilities, second.probabilities);
  EXPECT_EQ(predictions_csv(second), text);
  EXPECT_EQ(to_json(score(first)), to_json(score(second)));
}

TEST_F(PredictionsFile, AManifestWithoutSplitIsScoredWholeAndSaysSo) {
  const auto table = manifest("image,label\n1.jpg,a\n2.jpg,b\n");
  const Predictions found = read("image,p_a,p_b\n1.jpg,1,0\n2.jpg,0,1\n", &table);
  EXPECT_EQ(found.part, "all");
  EXPECT_THAT(found.warnings, ElementsAre(HasSubstr("no split")));
}

TEST_F(PredictionsFile, AnEmptyOrUnknownPartIsRefused) {
  const auto table = manifest("image,label,split\n1.jpg,a,train\n");
  EXPECT_THROW(read("image,p_a,p_b\n1.jpg,1,0\n", &table, "test"), InputError);
  EXPECT_THROW(read("image,p_a,p_b\n1.jpg,1,0\n", &table, "tset"), UsageError);
}

TEST_F(PredictionsFile, WarnsOfLesionsThatWereTrainedOn) {
  const auto table =
      manifest("image,label,split,lesion_id\n1.jpg,a,train,L1\n2.jpg,a,test,L1\n3.jpg,b,test,L2\n4.jpg,b,test,\n");
  const Predictions found = read("image,p_a,p_b\n2.jpg,1,0\n3.jpg,0,1\n4.jpg,0,1\n", &table);
  EXPECT_THAT(failed(found.checks), ElementsAre("lesions"));
  const auto& check =
      *std::find_if(found.checks.begin(), found.checks.end(), [](const Check& c) { return c.id == "lesions"; });
  EXPECT_THAT(check.text, HasSubstr("1 of the pictures show a lesion that the training part shows"));
  EXPECT_THAT(check.examples, ElementsAre("L1"));
}

Predictions two_classes() {
  Predictions predictions;
  predictions.source = "p.csv";
  predictions.part = "test";
  predictions.classes = {"benign", "malignant"};
  predictions.malignant = {"malignant"};
  for (int i = 0; i < 40; ++i) {
    const int truth = i % 4 == 0 ? 1 : 0;
    const double p = truth == 1 ? 0.3 + 0.015 * i : 0.01 * i;
    predictions.cases.push_back({.image = fmt::format("{}.jpg", i),
                                 .path = {},
                                 .label = predictions.classes[static_cast<std::size_t>(truth)],
                                 .truth = truth,
                                 .lesion_id = fmt::format("L{}", i / 2),
                                 .patient_id = ""});
    predictions.probabilities.insert(predictions.probabilities.end(), {1 - p, p});
    predictions.logits.insert(predictions.logits.end(), {0, 3 * (p - 0.4)});
  }
  return predictions;
}

TEST(Score, DrawsWholeLesionsWhereOneHasSeveralPictures) {
  const Evaluation evaluation = score(two_classes());
  EXPECT_EQ(evaluation.resampled, "lesions");
  EXPECT_EQ(evaluation.units, 20U);
  EXPECT_THAT(to_text(evaluation), HasSubstr("2,000 bootstrap resamples of 20 lesions"));
}

TEST(Score, NamesThePositiveClassOfTwo) {
  EXPECT_EQ(score(two_classes()).positive->index, 1U);
  EXPECT_EQ(score(two_classes(), {.bootstrap = {}, .positive = "benign"}).positive->index, 0U);
  EXPECT_THROW(score(two_classes(), {.bootstrap = {}, .positive = "mole"}), UsageError);
  EXPECT_THAT(to_text(score(two_classes())), HasSubstr("positive is 'malignant' (the malignant class): sensitivity"));
}

TEST(Score, OneClassOnlyHasNoAreaAndSaysWhy) {
  Predictions predictions = two_classes();
  for (Case& item : predictions.cases) {
    item.label = "benign";
    item.truth = 0;
  }
  const Evaluation evaluation = score(predictions);
  EXPECT_FALSE(evaluation.macro_auc.value);
  const std::string json = to_json(evaluation);
  EXPECT_THAT(json, HasSubstr("\"auc_reason\": \"every picture is benign\""));
  EXPECT_THAT(json, HasSubstr("\"auc_reason\": \"no picture is malignant\""));
  EXPECT_THAT(json, Not(HasSubstr(": nan")));
  EXPECT_THAT(to_text(evaluation), HasSubstr("of the one class present (benign) of 2"));
  EXPECT_THAT(to_html(evaluation), HasSubstr("No curve"));
}

TEST(Score, HostileNamesStayTextInEveryOutput) {
  Predictions predictions = two_classes();
  predictions.classes[0] = predictions.cases[1].label = "<script>alert(1)</script>";
  predictions.cases[1].image = "<img src=x onerror=alert(1)>\xFF.jpg";
  predictions.failures.push_back({"<b>\xFE", "<i>"});
  const Evaluation evaluation = score(predictions);
  const std::string page = to_html(evaluation);
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("<img src=x")));
  EXPECT_NO_THROW(to_json(evaluation));
}

TEST(Calibrate, MakesProbabilitiesHonestAndChoosesTheThreshold) {
  Predictions predictions = two_classes();
  const Calibration calibration = calibrate(predictions);
  EXPECT_LT(calibration.after.log_loss, calibration.before.log_loss);
  ASSERT_TRUE(calibration.malignant);
  EXPECT_GT(calibration.malignant->sensitivity + calibration.malignant->specificity, 1);
  predictions.malignant.clear();
  EXPECT_FALSE(calibrate(predictions).malignant);
  predictions.logits.clear();
  EXPECT_THROW(calibrate(predictions), InputError);
}

}  // namespace
}  // namespace naevus::evaluate
