#include "naevus/dataset/manifest.hpp"

#include <gmock/gmock.h>

#include "naevus/base/error.hpp"
#include "test_folder.hpp"

namespace naevus::dataset {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ManifestFile : public TestFolder {
 protected:
  std::string problem_of(std::string_view content) {
    try {
      read_manifest(text("m.csv", content));
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  }
};

TEST_F(ManifestFile, WithByteOrderMarkAndCrLfIsRead) {
  const Manifest manifest =
      read_manifest(text("m.csv", "\xEF\xBB\xBFimage,label,split\r\na.jpg,nv,train\r\nb.jpg,mel,val\r\n"));
  ASSERT_EQ(manifest.entries.size(), 2U);
  EXPECT_EQ(manifest.entries[0].image, "a.jpg");
  EXPECT_EQ(manifest.entries[1].label, "mel");
  EXPECT_EQ(manifest.entries[1].part, Part::validation);
  EXPECT_EQ(manifest.entries[1].line, 3U);
}

TEST_F(ManifestFile, KeepsNamesInAnyScriptSpacesCommasAndUnknownColumns) {
  const std::string content =
      "image,label,split,lesion_id,взято,空\n"
      "\"bilder/Größe, 1.jpg\",родинка,train,L 1,2024,\n"
      "bilder/黒子 😀.png,母斑,test,,\"a \"\"b\"\"\",x\n";
  const Manifest manifest = read_manifest(text("m.csv", content));
  EXPECT_EQ(manifest.image_path(manifest.entries[0]), root / "bilder/Größe, 1.jpg");
  EXPECT_THAT(manifest.other_columns, ElementsAre("взято", "空"));
  write_manifest(manifest, root / "again.csv");
  EXPECT_EQ(read_text(root / "again.csv"), content);
}

TEST_F(ManifestFile, WithADuplicateColumnIsRefusedByName) {
  EXPECT_THAT(problem_of("image,label,label\na,b,c\n"), HasSubstr("'label' stands twice"));
}

TEST_F(ManifestFile, WithoutImagesIsRefused) {
  EXPECT_THAT(problem_of("picture,label\na,b\n"), HasSubstr("no column 'image'"));
  EXPECT_THAT(problem_of("image,label\na,b\n,nv\n"), HasSubstr("m.csv:3: names no image"));
  EXPECT_THAT(problem_of(""), HasSubstr("is empty"));
}

TEST_F(ManifestFile, WithAnUnknownPartIsRefusedWithItsLine) {
  EXPECT_THAT(problem_of("image,split\na,train\nb,holdout\n"), HasSubstr("m.csv:3: 'holdout' is not a part"));
}

TEST_F(ManifestFile, IsWrittenSoThatItsImagesAreFoundFromItsFolder) {
  Manifest manifest{.path = root / "in/m.csv"};
  for (const char* image : {"below/a.jpg", "../beside/b.jpg", "/far/away/c.jpg"}) {
    Entry entry;
    entry.image = image;
    manifest.entries.push_back(entry);
  }
  write_manifest(manifest, root / "out/new.csv");
  const Manifest again = read_manifest(root / "out/new.csv");
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_EQ(again.image_path(again.entries[i]), manifest.image_path(manifest.entries[i]));
  EXPECT_EQ(again.entries[0].image, "../in/below/a.jpg");
  EXPECT_EQ(again.entries[2].image, "/far/away/c.jpg");

  write_manifest(manifest, root / "out/deep/down/new.csv");
  EXPECT_EQ(read_manifest(root / "out/deep/down/new.csv").entries[0].image, (root / "in/below/a.jpg").string());
}

TEST_F(ManifestFile, SummaryNamesClassesByFallingCount) {
  Manifest manifest;
  for (const char* label : {"mel", "nv", "nv", "bcc"}) {
    Entry entry;
    entry.label = label;
    manifest.entries.push_back(entry);
  }
  EXPECT_EQ(class_summary(manifest), "nv 2 · bcc 1 · mel 1");
  EXPECT_THAT(manifest.classes(), ElementsAre("bcc", "mel", "nv"));
}

}  // namespace
}  // namespace naevus::dataset
