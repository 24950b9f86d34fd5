#include "naevus/clean/metadata.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>

#include "naevus/base/random.hpp"

namespace naevus::clean {

void PrintTo(const Finding& finding, std::ostream* out) {
  *out << finding.kind << ' ' << finding.image << ' ' << finding.evidence;
}

namespace {

using dataset::Entry;
using dataset::Manifest;
using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

/// Forty pictures of twenty patients without a fault.
Manifest good() {
  Manifest manifest;
  manifest.path = "/data/set.csv";
  const std::vector<std::string> labels{"nv", "nv", "mel", "bcc"}, sites{"back", "face", "lower extremity"};
  for (std::size_t i = 0; i < 40; ++i) {
    const std::size_t patient = i / 2;
    manifest.entries.push_back({.image = "p" + std::to_string(i) + ".jpg",
                                .label = labels[patient % 4],
                                .lesion_id = "L" + std::to_string(patient),
                                .patient_id = "P" + std::to_string(patient),
                                .age = std::to_string(30 + patient) + ".0",
                                .sex = patient % 2 == 0 ? "female" : "male",
                                .site = sites[patient % 3]});
  }
  return manifest;
}

auto finding(const std::string& kind, const std::string& image, const std::string& evidence) {
  return AllOf(Field("kind", &Finding::kind, kind), Field("image", &Finding::image, image),
               Field("evidence", &Finding::evidence, HasSubstr(evidence)));
}

std::vector<Finding> of_kind(const std::vector<Finding>& findings, const std::string& kind) {
  std::vector<Finding> found;
  for (const Finding& one : findings)
    if (one.kind == kind) found.push_back(one);
  return found;
}

TEST(Metadata, AGoodManifestHasNoFindings) {
  EXPECT_THAT(metadata_findings(good()), IsEmpty());
  EXPECT_THAT(metadata_findings(Manifest{}), IsEmpty());
}

TEST(Metadata, AValueThatOthersHaveIsMissing) {
  Manifest manifest = good();
  manifest.entries[3].age = "";
  manifest.entries[7].sex = "unknown";
  manifest.entries[8].lesion_id = "-";
  manifest.entries[9].site = "N/A";
  manifest.entries[20].label = "";
  EXPECT_THAT(metadata_findings(manifest),
              ElementsAre(finding("missing_value", "p3.jpg", "no age, which 97.5 % of the rows have"),
                          finding("missing_value", "p7.jpg", "no sex"), finding("missing_value", "p8.jpg", "lesion_id"),
                          finding("missing_value", "p9.jpg", "site"), finding("missing_value", "p20.jpg", "label")));
  EXPECT_EQ(metadata_findings(manifest)[0].row, 3U);
}

TEST(Metadata, AColumnThatIsMostlyEmptyIsOneFinding) {
  Manifest manifest = good();
  for (std::size_t i = 0; i < 30; ++i) manifest.entries[i].site = "";
  for (Entry& entry : manifest.entries) entry.sex = entry.label = "";
  const auto findings = metadata_findings(manifest);
  // A column that nobody filled is not part of the set, but for the label.
  EXPECT_THAT(findings, ElementsAre(finding("missing_value", "", "40 of 40 rows have no label"),
                                    finding("missing_value", "", "30 of 40 rows have no site")));
  EXPECT_EQ(findings[0].row, no_row);
}

TEST(Metadata, ImpossibleAgesSexesAndSitesAreNamedWithWhatWasMeant) {
  Manifest manifest = good();
  manifest.entries[1].age = "245";
  manifest.entries[2].age = "-1";
  manifest.entries[3].age = "fifty";
  manifest.entries[4].sex = "femal";
  manifest.entries[5].sex = "7";
  manifest.entries[6].site = "lower extremety";
  manifest.entries[7].site = "windscreen";
  EXPECT_THAT(metadata_findings(manifest),
              ElementsAre(finding("impossible_value", "p1.jpg", "age 245 is not between 0 and 120"),
                          finding("impossible_value", "p2.jpg", "age -1"),
                          finding("impossible_value", "p3.jpg", "age 'fifty' is no number"),
                          finding("impossible_value", "p4.jpg",
                                  "sex 'femal' is neither female nor male nor unknown, "
                                  "probably 'female'"),
                          finding("impossible_value", "p5.jpg", "sex '7'"),
                          finding("impossible_value", "p6.jpg", "probably 'lower extremity'"),
                          finding("impossible_value", "p7.jpg", "site 'windscreen' is not a known site")));
}

TEST(Metadata, UsualWaysToWriteAValueAreNoFault) {
  Manifest manifest = good();
  manifest.entries[0].sex = "F";
  manifest.entries[1].sex = "Female";
  manifest.entries[2].sex = "m";
  manifest.entries[0].age = manifest.entries[1].age = " 52 ";
  manifest.entries[3].site = "Lower_Extremity";
  EXPECT_THAT(metadata_findings(manifest), IsEmpty());
}

TEST(Metadata, ASetWithItsOwnWordsForSitesIsNotScolded) {
  Manifest manifest = good();
  for (std::size_t i = 0; i < manifest.entries.size(); ++i)
    manifest.entries[i].site = i % 4 < 2 ? "Rücken" : "Unterschenkel links";
  manifest.entries[39].site = "Kopfhaut";  // rare, but who knows these words
  EXPECT_THAT(metadata_findings(manifest), IsEmpty());
  manifest.entries[38].site = "Unterschenkel link";
  EXPECT_THAT(metadata_findings(manifest),
              ElementsAre(finding("impossible_value", "p38.jpg", "probably 'unterschenkel")));
}

TEST(Metadata, LabelsThatWereMeantForOthersAreFound) {
  Manifest manifest = good();
  for (const std::size_t i : {4U, 5U}) manifest.entries[i].label = manifest.entries[i].lesion_id = "";
  manifest.entries[0].label = manifest.entries[1].label = "melanocytic nevus";
  EXPECT_THAT(of_kind(metadata_findings(manifest), "unknown_label"),
              ElementsAre(finding("unknown_label", "p0.jpg", "another spelling of 'nv'"),
                          finding("unknown_label", "p1.jpg", "another spelling of 'nv'")));

  Manifest typed = good();
  for (Entry& entry : typed.entries)
    if (entry.label == "mel") entry.label = "melanoma";
  typed.entries[4].label = typed.entries[5].label = "melanomma";
  typed.entries[8].label = "scc";  // one edit from bcc, and a diagnosis of its own
  typed.entries[8].lesion_id = "other";
  EXPECT_THAT(of_kind(metadata_findings(typed), "unknown_label"),
              ElementsAre(finding("unknown_label", "p4.jpg", "'melanomma' is not a diagnosis that is known"),
                          finding("unknown_label", "p5.jpg", "'melanomma'"),
                          finding("unknown_label", "p8.jpg", "no other row is labelled 'scc'")));
  for (int copy = 0; copy < 10; ++copy) {
    typed.entries.push_back({.image = "more" + std::to_string(copy) + ".jpg", .label = "melanoma"});
  }
  EXPECT_THAT(of_kind(metadata_findings(typed), "unknown_label").front().evidence, HasSubstr("is nearly 'melanoma'"));
}

TEST(Metadata, RowsOfOnePictureAreDuplicatesOrContradictions) {
  Manifest manifest = good();
  manifest.entries.push_back(manifest.entries[4]);
  manifest.entries.back().image = "./sub/../p4.jpg";
  manifest.entries.push_back(manifest.entries[5]);
  manifest.entries.back().age = "33.0";
  manifest.entries.back().part = dataset::Part::test;
  manifest.entries[5].part = dataset::Part::train;
  const auto findings = metadata_findings(manifest);
  EXPECT_THAT(findings, ElementsAre(finding("contradictory_row", "p5.jpg", "split test / train, age 33.0 / 32.0"),
                                    finding("duplicate_row", "./sub/../p4.jpg", "two rows")));
  EXPECT_EQ(findings[0].row, 41U);
  EXPECT_EQ(findings[0].other_row, 5U);
  EXPECT_EQ(findings[1].other, "p4.jpg");
}

TEST(Metadata, ALesionHasOneDiagnosisHoweverItIsWritten) {
  Manifest manifest = good();
  manifest.entries[5].label = "Melanoma";  // its lesion's other row says mel
  EXPECT_THAT(of_kind(metadata_findings(manifest), "lesion_two_labels"), IsEmpty());
  manifest.entries[5].label = "nv";
  const auto findings = metadata_findings(manifest);
  EXPECT_THAT(findings, ElementsAre(finding("lesion_two_labels", "p4.jpg", "lesion 'L2' is mel here, nv there"),
                                    finding("lesion_two_labels", "p5.jpg", "lesion 'L2' is nv here, mel there")));
  EXPECT_EQ(findings[0].other, "p5.jpg");
}

TEST(Metadata, APatientHasOneSexAndAgesSlowly) {
  Manifest manifest = good();
  manifest.entries[1].sex = "male";
  manifest.entries[3].age = "46";  // 31 in the other row: 15 years can pass
  manifest.entries[5].age = "49";  // 32 in the other row
  manifest.entries[9].patient_id = "P0";
  EXPECT_THAT(metadata_findings(manifest),
              ElementsAre(finding("contradictory_row", "p1.jpg", "patient 'P0' is male here, female there"),
                          finding("contradictory_row", "p5.jpg", "patient 'P2' is 49 years old here, 32 there"),
                          finding("contradictory_row", "p9.jpg", "lesion 'L4' is of patient 'P0' here, 'P4' there")));
  Manifest lesions = good();
  for (Entry& entry : lesions.entries) entry.patient_id = "";
  lesions.entries[1].sex = "male";
  EXPECT_THAT(metadata_findings(lesions), ElementsAre(finding("contradictory_row", "p1.jpg", "with lesion 'L0'")));
}

TEST(Metadata, NumbersFarFromAllOthersAreOutliers) {
  Manifest manifest = good();
  manifest.other_columns = {"diameter_mm", "ulcerated"};
  Random random(2);
  for (std::size_t i = 0; i < manifest.entries.size(); ++i)
    manifest.entries[i].other = {std::to_string(6 + random.normal()), i == 3 ? "1" : "0"};
  EXPECT_THAT(metadata_findings(manifest), IsEmpty());
  manifest.entries[11].other[0] = "62";
  manifest.entries[12].other[0] = "six";
  const auto findings = metadata_findings(manifest);
  EXPECT_THAT(findings, ElementsAre(finding("impossible_value", "p12.jpg", "diameter_mm 'six' is no number"),
                                    finding("outlier", "p11.jpg", "diameter_mm 62 lies")));
  EXPECT_GT(findings[1].score, 20);
  for (std::size_t i = 20; i < 35; ++i) manifest.entries[i].other[0] = "1e6";
  EXPECT_THAT(of_kind(metadata_findings(manifest), "outlier"),
              ElementsAre(finding("outlier", "", "16 of 39 values of diameter_mm")));
}

TEST(MetadataSummary, TellsWhatEachColumnHolds) {
  Manifest manifest = good();
  manifest.entries[0].age = "";
  const auto columns = metadata_summary(manifest);
  ASSERT_THAT(columns, SizeIs(6));  // label, lesion_id, patient_id, age, sex, site
  EXPECT_EQ(columns[0].name, "label");
  EXPECT_THAT(columns[0].top, ElementsAre(Pair("nv", 20), Pair("bcc", 10), Pair("mel", 10)));
  EXPECT_FALSE(columns[0].number);
  EXPECT_EQ(columns[1].distinct, 20U);
  EXPECT_THAT(columns[1].top, SizeIs(10));
  EXPECT_EQ(columns[3].name, "age");
  EXPECT_EQ(columns[3].rows, 40U);
  EXPECT_EQ(columns[3].filled, 39U);
  ASSERT_TRUE(columns[3].number);
  EXPECT_EQ(columns[3].number->minimum, 30);
  EXPECT_EQ(columns[3].number->median, 40);
  EXPECT_EQ(columns[3].number->maximum, 49);
}

}  // namespace
}  // namespace naevus::clean
