#include "naevus/dataset/submission.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"

namespace naevus::dataset {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

PredictionTable read(const std::string& text) {
  const TemporaryFolder folder;
  write_file(folder / "s.csv", text);
  return read_prediction_table(folder / "s.csv");
}

std::string problem_of(const std::string& text) {
  try {
    read(text);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

// The header lines are those of the challenges' pages (challenge.isic-archive.com; kaggle.com).
TEST(Submission, HasTheChallengesColumns) {
  const std::vector<std::string> seven{"akiec", "bcc", "bkl", "df", "mel", "nv", "vasc"};
  const std::vector<std::string> malignant{"akiec", "bcc", "mel"};
  const std::vector<double> answer{0.01, 0.02, 0.03, 0.04, 0.05, 0.8, 0.05};
  const auto written = [&](Challenge challenge) {
    const SubmissionWriter writer(challenge, seven, malignant);
    return writer.head() + writer.line("test/ISIC_0034524.jpg", answer);
  };
  EXPECT_EQ(written(Challenge::isic2018),
            "image,MEL,NV,BCC,AKIEC,BKL,DF,VASC\nISIC_0034524,0.05,0.8,0.02,0.01,0.03,0.04,0.05\n");
  EXPECT_EQ(written(Challenge::isic2019),
            "image,MEL,NV,BCC,AK,BKL,DF,VASC,SCC,UNK\nISIC_0034524,0.05,0.8,0.02,0.01,0.03,0.04,0.05,0,0\n");
  EXPECT_EQ(written(Challenge::isic2020), "image_name,target\nISIC_0034524,0.05\n");
  EXPECT_EQ(written(Challenge::isic2024), "isic_id,target\nISIC_0034524,0.08\n");
  EXPECT_THAT(SubmissionWriter(Challenge::isic2019, seven, {}).empty_columns(), ElementsAre("SCC", "UNK"));
}

TEST(Submission, RefusesClassesThatTheChallengeHasNot) {
  EXPECT_THROW(SubmissionWriter(Challenge::isic2018, {"mel", "nv", "scc"}, {}), InputError);
  EXPECT_THROW(SubmissionWriter(Challenge::isic2024, {"a", "b"}, {}), InputError);
  EXPECT_THROW(challenge_from("isic2016"), UsageError);
  EXPECT_EQ(challenge_from("isic2020"), Challenge::isic2020);
}

TEST(Submission, IsReadByItsHeader) {
  const PredictionTable table =
      read("image,MEL,NV,BCC,AKIEC,BKL,DF,VASC\nISIC_1,0.25,0.5,0.25,0,0,0,0\nISIC_2.jpg,0,1,0,0,0,0,0\n");
  EXPECT_THAT(table.classes, ElementsAre("mel", "nv", "bcc", "akiec", "bkl", "df", "vasc"));
  EXPECT_THAT(table.image, ElementsAre("ISIC_1", "ISIC_2"));
  EXPECT_DOUBLE_EQ(table.probabilities[2], 0.25);
  EXPECT_EQ(table.row_of_image.at(table.name_of("pictures/ISIC_2.png")), 1U);
  const PredictionTable binary = read("image_name,target\nISIC_1,0.25\n");
  EXPECT_THAT(binary.classes, ElementsAre("other", "mel"));  // as the label map melanoma has them
  EXPECT_THAT(binary.probabilities, ElementsAre(0.75, 0.25));
  EXPECT_EQ(binary.challenge, "isic2020");
  const PredictionTable malignant = read("isic_id,target\nISIC_1,1\n");
  EXPECT_THAT(malignant.classes, ElementsAre("benign", "malignant"));
  EXPECT_THAT(malignant.probabilities, ElementsAre(0, 1));
  EXPECT_EQ(read("image,MEL,NV,BCC,AK,BKL,DF,VASC,SCC\nISIC_1,1,0,0,0,0,0,0,0\n").classes.size(), 8U);  // no UNK
}

TEST(Submission, SaysWhichRowAndColumnIsWrong) {
  const std::string head = "image,MEL,NV,BCC,AKIEC,BKL,DF,VASC\n";
  EXPECT_THAT(problem_of(head + "ISIC_1,x,0.5,0.5,0,0,0,0\n"), HasSubstr("s.csv:2: 'x' in column 'MEL'"));
  EXPECT_THAT(problem_of(head + "ISIC_1,1,0,0,0,0,0,0\nISIC_2,0,1.5,0,0,0,0,0\n"),
              HasSubstr("s.csv:3: '1.5' in column 'NV'"));
  EXPECT_THAT(problem_of(head + "ISIC_1,1,0.5,0,0,0,0,0\n"), HasSubstr("s.csv:2: the confidences"));
  EXPECT_THAT(problem_of(head + "ISIC_1,1,0,0,0,0,0,0\nISIC_1,1,0,0,0,0,0,0\n"),
              HasSubstr("s.csv:3: 'ISIC_1' stands twice in column 'image'"));
  EXPECT_THAT(problem_of("isic_id,target\nISIC_1,nan\n"), HasSubstr("s.csv:2: 'nan' in column 'target'"));
}

TEST(Submission, ComesBackAsItWasWritten) {
  const std::vector<std::string> classes{"bkl", "mel", "nv"};
  const SubmissionWriter writer(Challenge::isic2018, classes, {"mel"});
  const PredictionTable table = read(writer.head() + writer.line("a.jpg", std::vector<double>{0.125, 0.375, 0.5}));
  EXPECT_THAT(table.probabilities, ElementsAre(0.375, 0.5, 0, 0, 0.125, 0, 0));
}

}  // namespace
}  // namespace naevus::dataset
