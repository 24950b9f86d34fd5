#include "naevus/clean/copy_findings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace naevus::clean {
namespace {

using dataset::Manifest;
using dataset::Part;
using testing::ElementsAre;
using testing::UnorderedElementsAre;

Manifest manifest_of(const std::vector<std::tuple<std::string, std::string, Part>>& rows) {
  Manifest manifest;
  manifest.path = "/data/set.csv";
  for (const auto& [image, label, part] : rows)
    manifest.entries.push_back({.image = image, .label = label, .part = part});
  return manifest;
}

std::vector<std::string> lines(const CopyFindings& found) {
  std::vector<std::string> result;
  for (const Finding& finding : found.findings)
    result.push_back(finding.kind + " " + finding.image + " " + finding.other);
  return result;
}

TEST(CopyFindings, OfACopyWithinAPartTheLaterRowIsTheOneToDrop) {
  const Manifest set = manifest_of({{"a", "nv", Part::train}, {"b", "nv", Part::train}, {"c", "nv", Part::train}});
  const auto found = copy_findings(set, {{.a = 0, .b = 2, .exact = true}}, {});
  EXPECT_THAT(lines(found), ElementsAre("exact_copy c a"));
  EXPECT_THAT(found.group, ElementsAre(0, 1, 0));
  EXPECT_EQ(found.groups, 1U);
}

TEST(CopyFindings, ALeakSparesTheTestPartThenTheValidationPart) {
  const Manifest set =
      manifest_of({{"test", "nv", Part::test}, {"train", "nv", Part::train}, {"val", "nv", Part::validation}});
  EXPECT_THAT(lines(copy_findings(set, {{.a = 0, .b = 1}}, {})),
              ElementsAre("near_copy train test", "leak train test"));
  EXPECT_THAT(lines(copy_findings(set, {{.a = 0, .b = 2}}, {})), ElementsAre("near_copy val test", "leak val test"));
  EXPECT_THAT(lines(copy_findings(set, {{.a = 1, .b = 2}}, {})), ElementsAre("near_copy train val", "leak train val"));
}

TEST(CopyFindings, ALeakIsFoundThroughTheGroupToo) {
  const Manifest set = manifest_of({{"a", "nv", Part::train}, {"b", "nv", Part::train}, {"t", "nv", Part::test}});
  EXPECT_THAT(lines(copy_findings(set, {{.a = 0, .b = 1}, {.a = 0, .b = 2}}, {})),
              ElementsAre("near_copy b a", "near_copy a t", "leak a t", "leak b t"));
}

TEST(CopyFindings, EveryRowOfAContradictoryGroupIsNamedWithOneThatDisagrees) {
  const Manifest set = manifest_of(
      {{"a", "nv", Part::train}, {"b", "mel", Part::train}, {"c", "nv", Part::train}, {"d", "mel", Part::train}});
  const auto found = copy_findings(set, {{.a = 0, .b = 1, .exact = true}, {.a = 1, .b = 2}}, {});
  EXPECT_THAT(lines(found), UnorderedElementsAre("exact_copy b a", "near_copy c b", "contradictory_label a b",
                                                 "contradictory_label b a", "contradictory_label c b"));
}

TEST(CopyFindings, AnEmptyLabelContradictsNothing) {
  const Manifest set = manifest_of({{"a", "nv", Part::train}, {"b", "", Part::train}});
  EXPECT_THAT(lines(copy_findings(set, {{.a = 0, .b = 1}}, {})), ElementsAre("near_copy b a"));
}

TEST(CopyFindings, ACopyInAnotherManifestIsALeakOfThisOnesRowNamedOnce) {
  const Manifest set = manifest_of({{"a", "nv", Part::none}});
  const Manifest other = manifest_of({{"x", "nv", Part::none}, {"y", "nv", Part::none}});
  EXPECT_THAT(lines(copy_findings(set, {{.a = 0, .b = 0, .outside = true}, {.a = 0, .b = 1, .outside = true}}, other)),
              ElementsAre("leak a /data/x"));
}

TEST(CopyGroups, NameTheRowsThatASplitMustKeepTogether) {
  Manifest set = manifest_of({{"a", "nv", Part::none}, {"b", "nv", Part::none}, {"c", "nv", Part::none}});
  set.other_columns = {"camera"};
  for (auto& entry : set.entries) entry.other = {"x"};
  add_copy_groups(set, copy_findings(set, {{.a = 0, .b = 2}}, {}).findings);
  EXPECT_THAT(set.other_columns, ElementsAre("camera", "copy_group"));
  EXPECT_THAT(set.entries[0].other, ElementsAre("x", "copies-1"));
  EXPECT_THAT(set.entries[1].other, ElementsAre("x", ""));
  EXPECT_THAT(set.entries[2].other, ElementsAre("x", "copies-1"));
}

}  // namespace
}  // namespace naevus::clean
