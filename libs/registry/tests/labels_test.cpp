#include "naevus/registry/labels.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "naevus/base/file.hpp"

namespace naevus::registry {
namespace {

using std::chrono::milliseconds;
using store::Opinion;
using store::ReadPicture;
using store::Time;

Opinion opinion(const std::string& reader, const std::string& label, bool histopathology = false, int at = 0) {
  return {.reader = reader, .label = label, .histopathology = histopathology, .at = Time(milliseconds(at))};
}

ReadPicture read_as(std::vector<Opinion> opinions) {
  ReadPicture picture;
  picture.first.picture = std::string(64, 'a');
  picture.opinions = std::move(opinions);
  return picture;
}

LabelledPicture settled(std::vector<Opinion> opinions) {
  return settle(std::vector{read_as(std::move(opinions))}).at(0);
}

TEST(Labels, OneReaderIsEnoughAndIsNoConfirmation) {
  const auto one = settled({opinion("a", "mel", false, 7)});
  EXPECT_EQ(one.label, "mel");
  EXPECT_EQ(one.basis, Basis::one_reader);
  EXPECT_FALSE(one.confirmed());
  EXPECT_EQ(one.at, Time(milliseconds(7)));
}

TEST(Labels, MoreThanHalfOfTheReadersDecide) {
  const auto most = settled({opinion("a", "mel"), opinion("b", "nv"), opinion("c", "mel")});
  EXPECT_EQ(most.label, "mel");
  EXPECT_EQ(most.readers, 2U);
  EXPECT_TRUE(most.confirmed());
  const auto half = settled({opinion("a", "mel"), opinion("b", "nv")});
  EXPECT_EQ(half.label, "");
  EXPECT_EQ(half.basis, Basis::none);
  EXPECT_EQ(settled({opinion("a", "mel"), opinion("b", "nv"), opinion("c", "bcc"), opinion("d", "mel")}).label, "");
}

TEST(Labels, HistopathologyGoesBeforeEyesAndTwoOfThemMustAgree) {
  const auto confirmed = settled({opinion("a", "nv"), opinion("b", "nv"), opinion("c", "mel", true)});
  EXPECT_EQ(confirmed.label, "mel");
  EXPECT_EQ(confirmed.basis, Basis::histopathology);
  EXPECT_TRUE(confirmed.confirmed());
  EXPECT_EQ(settled({opinion("a", "nv", true), opinion("b", "mel", true)}).label, "");
}

TEST(Labels, WhoIsNotBelievedDoesNotCount) {
  const std::vector pictures{read_as({opinion("a", "mel", true)}), read_as({opinion("a", "mel"), opinion("b", "nv")})};
  const auto labelled = settle(pictures, {"a"});
  ASSERT_EQ(labelled.size(), 1U);
  EXPECT_EQ(labelled[0].label, "nv");
  EXPECT_EQ(labelled[0].basis, Basis::one_reader);
}

TEST(Labels, TheManifestHasTheLabelledPicturesWithWhatIsKnownOfThem) {
  const TemporaryFolder folder;
  auto read = read_as({opinion("a", "mel", true)});
  read.first.patient_key = "p7";
  read.first.lesion = "l1";
  read.first.age = 61;
  read.first.sex = "female";
  read.first.site = "back";
  const std::vector pictures{read, read_as({opinion("a", "mel"), opinion("b", "nv")})};
  const store::PictureFolder kept(folder.path());
  const auto manifest = feedback_manifest(settle(pictures), kept, folder / "feedback.csv");
  ASSERT_EQ(manifest.entries.size(), 1U);
  dataset::write_manifest(manifest, folder / "feedback.csv");
  const auto again = dataset::read_manifest(folder / "feedback.csv");
  const dataset::Entry& entry = again.entries.at(0);
  EXPECT_EQ(again.image_path(entry), kept.path(std::string(64, 'a')));
  EXPECT_EQ(entry.label, "mel");
  EXPECT_EQ(entry.patient_id, "p7");
  EXPECT_EQ(entry.lesion_id, "l1");
  EXPECT_EQ(entry.age, "61");
  EXPECT_EQ(entry.sex, "female");
  EXPECT_EQ(entry.site, "back");
  EXPECT_EQ(entry.source, "feedback");
  EXPECT_EQ(again.other_columns, (std::vector<std::string>{"label_basis", "readers"}));
  EXPECT_EQ(entry.other, (std::vector<std::string>{"histopathology", "1"}));
}

}  // namespace
}  // namespace naevus::registry
