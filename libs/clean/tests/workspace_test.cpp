#include "naevus/clean/workspace.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "naevus/base/csv.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"

namespace naevus::clean {
namespace {

class CleanedFolder : public testing::Test {
 protected:
  void SetUp() override {
    write_file(space.original(), "image,label\na.jpg,nv\nb.jpg,nv\nc.jpg,mel\n");
    write_file(space.policy(), "[actions]\nblurred = \"drop\"\n");
    std::vector<Finding> findings{
        {.kind = "exact_copy",
         .image = "b.jpg",
         .other = "a.jpg",
         .score = 1,
         .evidence = "",
         .row = 1,
         .other_row = 0},
        {.kind = "near_copy",
         .image = "b.jpg",
         .other = "c.jpg",
         .score = .9,
         .evidence = "",
         .row = 1,
         .other_row = 2},
        {.kind = "dark", .image = "c.jpg", .other = "", .score = .1, .evidence = "", .row = 2}};
    write_issues(findings, {}, space.issues());
  }
  std::vector<std::string> actions() const {
    std::vector<std::string> result;
    const CsvTable table = read_csv(space.issues());
    for (const auto& row : table.rows) result.push_back(row[*table.column("action")]);
    return result;
  }

  TemporaryFolder folder;
  Workspace space{folder / "out"};
};

TEST_F(CleanedFolder, IsSettledByPolicyAndAnswers) {
  AnswerLog log(space.answers());
  log.add({.reviewer = "ada", .kind = "dark", .image = "c.jpg", .other = "", .choice = Choice::drop, .label = ""});
  const Settled settled = settle(space);
  EXPECT_EQ(settled.clean.entries.size(), 1U);
  // The near copy's picture was dropped for the exact copy's sake.
  EXPECT_THAT(actions(), testing::ElementsAre("drop", "drop", "drop"));
  EXPECT_EQ(dataset::read_manifest(space.clean()).entries.at(0).image, "a.jpg");
}

TEST_F(CleanedFolder, AnUndoneDecisionStaysUndoneWhenItIsSettledAgain) {
  auto decisions = settle(space).decisions;
  ASSERT_EQ(decisions.size(), 1U);
  decisions[0].undone = true;
  EXPECT_EQ(settle(space, decisions).clean.entries.size(), 3U);
  EXPECT_EQ(settle(space).clean.entries.size(), 3U);
  EXPECT_THAT(actions(), testing::ElementsAre("undone", "report", "report"));
}

TEST_F(CleanedFolder, IsRefusedWhereItsFilesDoNotBelongTogether) {
  write_file(space.original(), "image,label\na.jpg,nv\n");
  EXPECT_THROW(settle(space), InputError);
  EXPECT_THROW(settle(Workspace(folder / "nothing")), IoError);
}

TEST(AnswerLog, SurvivesATornLine) {
  const TemporaryFolder folder;
  const auto path = folder / "answers.csv";
  const Answer first{
      .reviewer = "ada", .kind = "dark", .image = "a,b", .other = "", .choice = Choice::drop, .label = ""};
  AnswerLog(path).add(first);
  const std::string whole = read_text(path);
  write_file(path, whole + "2026-01-01T00:00:00Z,ada,dark,c.jp");
  EXPECT_EQ(read_answers(path).size(), 1U);
  AnswerLog log(path);
  log.add({.reviewer = "ada", .kind = "dark", .image = "d", .other = "", .choice = Choice::keep, .label = ""});
  const auto answers = read_answers(path);
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_EQ(answers[0].image, "a,b");
  EXPECT_EQ(answers[1].choice, Choice::keep);
}

TEST(OpenFindings, AreThoseThatThePolicyLeavesAndTheReviewerDidNotAnswer) {
  const std::vector<Finding> findings{
      {.kind = "exact_copy", .image = "b", .other = "a", .score = 1, .evidence = "", .row = 1, .other_row = 0},
      {.kind = "dark", .image = "c", .other = "", .score = 1, .evidence = "", .row = 2},
      {.kind = "dark", .image = "d", .other = "", .score = 1, .evidence = "", .row = 3},
      {.kind = "missing_value", .image = "", .other = "", .score = 1, .evidence = "", .row = no_row}};
  const std::vector<Answer> answers{
      {.reviewer = "ada", .kind = "dark", .image = "c", .other = "", .choice = Choice::keep, .label = ""}};
  EXPECT_THAT(open_findings(findings, answers, "ada", {}, {}), testing::ElementsAre(2));
  EXPECT_THAT(open_findings(findings, answers, "bob", {}, {}), testing::ElementsAre(1, 2));
  EXPECT_THAT(open_findings(findings, answers, "bob", {}, {"exact_copy"}), testing::ElementsAre(0));
}

TEST(Agreements, CompareTwoReviewersOnWhatBothAnswered) {
  std::vector<Answer> answers;
  const auto add = [&](const char* reviewer, const char* image, Choice choice) {
    answers.push_back(
        {.reviewer = reviewer, .kind = "dark", .image = image, .other = "", .choice = choice, .label = ""});
  };
  // Cohen (1960), by hand: they agree on 3 of 4; by chance 2/4 * 1/4 + 2/4 * 3/4 = 0.5; (0.75 - 0.5) / 0.5.
  add("ada", "a", Choice::drop), add("bob", "a", Choice::drop);
  add("ada", "b", Choice::keep), add("bob", "b", Choice::keep);
  add("ada", "c", Choice::drop), add("bob", "c", Choice::keep);
  add("ada", "d", Choice::keep), add("bob", "d", Choice::keep);
  add("ada", "e", Choice::keep);
  const auto found = agreements(answers);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].findings, 4U);
  EXPECT_EQ(found[0].agreed, 3U);
  ASSERT_TRUE(found[0].kappa);
  EXPECT_NEAR(found[0].kappa->kappa, 0.5, 1e-12);
}

}  // namespace
}  // namespace naevus::clean
