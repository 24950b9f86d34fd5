#include "naevus/clean/decision.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"

namespace naevus::clean {
namespace {

using dataset::Manifest;
using testing::ElementsAre;

Manifest five() {
  Manifest manifest;
  manifest.path = "set.csv";
  for (const char* image : {"a", "b", "c", "d", "e"})
    manifest.entries.push_back({.image = image, .label = "nv", .lesion_id = std::string("L") + image});
  return manifest;
}

Finding finding(const char* kind, std::size_t row, std::size_t other = no_row) {
  const Manifest manifest = five();
  return {.kind = kind,
          .image = manifest.entries[row].image,
          .other = other == no_row ? "" : manifest.entries[other].image,
          .row = row,
          .other_row = other};
}

std::vector<std::string> images(const Manifest& manifest) {
  std::vector<std::string> result;
  for (const auto& entry : manifest.entries) result.push_back(entry.image);
  return result;
}

Answer answer(const Finding& to, const char* reviewer, Choice choice, const char* label = "") {
  return {
      .reviewer = reviewer, .kind = to.kind, .image = to.image, .other = to.other, .choice = choice, .label = label};
}

TEST(Decide, TheStandardPolicyDropsOnlyWhatIsCertain) {
  const std::vector<Finding> findings{finding("leak", 0, 1), finding("exact_copy", 2, 1), finding("near_copy", 3, 1),
                                      finding("blurred", 4)};
  EXPECT_THAT(images(cleaned(five(), decide(five(), findings, {}, {}, {}))), ElementsAre("b", "d", "e"));
}

TEST(Decide, APersonGoesBeforeThePolicy) {
  const Finding copy = finding("exact_copy", 2, 1), blurred = finding("blurred", 4);
  const std::vector<Answer> answers{answer(copy, "ada", Choice::keep), answer(blurred, "ada", Choice::drop)};
  const auto decisions = decide(five(), {copy, blurred}, {}, answers, {});
  ASSERT_EQ(decisions.size(), 1U);
  EXPECT_EQ(decisions[0].by, "ada");
  EXPECT_THAT(images(cleaned(five(), decisions)), ElementsAre("a", "b", "c", "d"));
}

TEST(Decide, WherePeopleDifferNothingIsDone) {
  const Finding copy = finding("exact_copy", 2, 1);
  EXPECT_TRUE(
      decide(five(), {copy}, {}, {answer(copy, "ada", Choice::keep), answer(copy, "bob", Choice::drop)}, {}).empty());
  // One who is not sure differs from nobody, and a second answer replaces one's first.
  EXPECT_EQ(
      decide(five(), {copy}, {}, {answer(copy, "ada", Choice::not_sure), answer(copy, "bob", Choice::drop)}, {}).size(),
      1U);
  EXPECT_EQ(
      decide(five(), {copy}, {}, {answer(copy, "ada", Choice::keep), answer(copy, "ada", Choice::drop)}, {}).size(),
      1U);
}

TEST(Decide, RelabelsAndJoinsLesions) {
  const Finding error = finding("label_error", 0), same = finding("same_lesion", 1, 3);
  const auto clean = cleaned(
      five(), decide(five(), {error, same}, {},
                     {answer(error, "ada", Choice::relabel, "mel"), answer(same, "ada", Choice::same_lesion)}, {}));
  EXPECT_EQ(clean.entries[0].label, "mel");
  EXPECT_EQ(clean.entries[1].lesion_id, "Ld");
  EXPECT_EQ(clean.entries[3].lesion_id, "Ld");
}

TEST(Decide, WhatWasUndoneStaysUndone) {
  const std::vector<Finding> findings{finding("exact_copy", 2, 1)};
  auto decisions = decide(five(), findings, {}, {}, {});
  ASSERT_EQ(decisions.size(), 1U);
  decisions[0].undone = true;
  const auto again = decide(five(), findings, {}, {}, decisions);
  ASSERT_EQ(again.size(), 1U);
  EXPECT_TRUE(again[0].undone);
  EXPECT_EQ(cleaned(five(), again).entries.size(), 5U);
}

TEST(Decisions, OfTwoRowsOfOnePictureOneStays) {
  Manifest manifest = five();
  manifest.entries[1].image = "a";
  const Finding duplicate{.kind = "duplicate_row", .image = "a", .other = "a", .row = 1, .other_row = 0};
  EXPECT_THAT(images(cleaned(manifest, decide(manifest, {duplicate}, {}, {}, {}))), ElementsAre("a", "c", "d", "e"));
}

TEST(Decisions, AreReadAsTheyWereWritten) {
  const TemporaryFolder folder;
  const Finding odd{.kind = "exact_copy",
                    .image = "a,\"x\"\n",
                    .other = "b",
                    .evidence = "the same, \"bytes\"",
                    .row = 2,
                    .other_row = 1};
  const auto decisions = decide(five(), {odd, finding("leak", 0)}, {}, {}, {});
  write_decisions(decisions, folder / "decisions.csv");
  const auto again = read_decisions(folder / "decisions.csv");
  ASSERT_EQ(again.size(), 2U);
  EXPECT_EQ(again[0].image, odd.image);
  EXPECT_EQ(again[0].evidence, odd.evidence);
  EXPECT_EQ(again[0].row, 2U);
  EXPECT_EQ(again[1].other_row, no_row);
  write_file(folder / "decisions.csv",
             "action,image,value,was,kind,other,evidence,by,row,other_row,state\n"
             "burn,a,,,leak,,,policy,1,,done\n");
  EXPECT_THROW(read_decisions(folder / "decisions.csv"), InputError);
}

}  // namespace
}  // namespace naevus::clean
