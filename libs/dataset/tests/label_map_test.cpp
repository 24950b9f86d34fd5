#include "naevus/dataset/label_map.hpp"

#include <gmock/gmock.h>

#include "naevus/base/error.hpp"
#include "test_folder.hpp"

namespace naevus::dataset {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Manifest labelled(const std::vector<std::string>& labels) {
  Manifest manifest{.path = "set.csv"};
  for (const std::string& label : labels) {
    Entry entry;
    entry.image = "x.jpg";
    entry.label = label;
    entry.line = manifest.entries.size() + 2;
    manifest.entries.push_back(entry);
  }
  return manifest;
}

std::vector<std::string> labels_of(const Manifest& manifest) {
  std::vector<std::string> labels;
  for (const Entry& entry : manifest.entries) labels.push_back(entry.label);
  return labels;
}

class LabelMapFile : public TestFolder {
 protected:
  std::string problem_of(std::string_view content) {
    try {
      read_label_map(text("m.toml", content));
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  }
};

TEST(ShortLabel, JoinsTheSpellingsOfADiagnosis) {
  for (const char* text : {"Melanoma", "MEL", " melanoma ", "mel"}) EXPECT_EQ(short_label(text), "mel") << text;
  for (const char* text : {"nevus", "Melanocytic_nevus", "NV"}) EXPECT_EQ(short_label(text), "nv") << text;
  EXPECT_EQ(short_label("pigmented benign keratosis"), "pbk");
  EXPECT_EQ(short_label("benign keratosis-like lesions"), "bkl");
}

TEST(ShortLabel, LeavesOtherTextsAsTheyAre) {
  EXPECT_EQ(short_label("Class-A_1"), "class-a_1");
  EXPECT_EQ(short_label("родинка"), "родинка");
  EXPECT_EQ(short_label("  "), "");
}

TEST(ShortLabel, DiagnosesAreKnownHoweverTheyAreWritten) {
  for (const char* text : {"mel", "Melanoma", "squamous_cell_carcinoma", "SCC", "bkl", "angioma"})
    EXPECT_TRUE(is_known_diagnosis(text)) << text;
  for (const char* text : {"", "melanomma", "cat", "class 1"}) EXPECT_FALSE(is_known_diagnosis(text)) << text;
  for (const std::string& name : label_map_names())
    for (const auto& [label, target] : find_label_map(name).classes) EXPECT_TRUE(is_known_diagnosis(label)) << label;
}

TEST(LabelMap, ThatNaevusBringsAlongAllRead) {
  const auto names = label_map_names();
  EXPECT_THAT(names, testing::IsSupersetOf({"ham7", "isic9", "isic9-to-7", "malignant-benign"}));
  for (const std::string& name : names) {
    const LabelMap map = find_label_map(name);
    EXPECT_EQ(map.name, name);
    EXPECT_FALSE(map.description.empty()) << name;
    EXPECT_FALSE(map.malignant.empty()) << name;
    for (const auto& [label, target] : map.classes) EXPECT_EQ(short_label(label), label) << name;
  }
}

TEST(LabelMap, TakesNineClassesToSeven) {
  const LabelMap map = find_label_map("isic9-to-7");
  const Manifest mapped = apply(map, labelled({"actinic keratosis", "basal cell carcinoma", "dermatofibroma",
                                               "melanoma", "nevus", "pigmented benign keratosis",
                                               "seborrheic keratosis", "squamous cell carcinoma", "vascular lesion"}));
  EXPECT_THAT(labels_of(mapped), ElementsAre("akiec", "bcc", "df", "mel", "nv", "bkl", "bkl", "akiec", "vasc"));
  EXPECT_THAT(mapped.other_columns, ElementsAre("diagnosis"));
  EXPECT_EQ(mapped.entries[7].other[0], "squamous cell carcinoma");
}

TEST(LabelMap, LeavesOutWhatItDrops) {
  EXPECT_THAT(labels_of(apply(find_label_map("isic2019"), labelled({"MEL", "UNK", "NV"}))), ElementsAre("mel", "nv"));
}

TEST(LabelMap, NamesUnknownLabelsTheirLinesAndWhatItKnows) {
  try {
    apply(find_label_map("ham7"), labelled({"nv", "wart", "mel", "wart"}));
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("'wart' (line 3, line 5)"), HasSubstr("akiec, bcc, bkl")));
  }
}

TEST_F(LabelMapFile, IsRefusedWithItsLineWhenWrong) {
  EXPECT_THAT(problem_of("[map]\nnv = \"nv\"\n[map]\n"), HasSubstr("m.toml:3"));
  EXPECT_THAT(problem_of("colour = 1\n[map]\nnv = \"nv\"\n"), HasSubstr("m.toml:1: the key 'colour' is not known"));
  EXPECT_THAT(problem_of("[map]\nnv = 3\n"), HasSubstr("m.toml:2"));
  EXPECT_THAT(problem_of("malignant = [\"mel\"]\n[map]\nnv = \"nv\"\n"), HasSubstr("'mel'"));
  EXPECT_THAT(problem_of("drop = [\"nevus\"]\n[map]\nnv = \"nv\"\n"), HasSubstr("both mapped and dropped"));
  EXPECT_THAT(problem_of("malignant = []\n"), HasSubstr("maps no label"));
  EXPECT_THAT(problem_of("[map]\nnv = \"nv\"\n"), IsEmpty());
}

TEST_F(LabelMapFile, IsFoundByPathOrRefusedWithTheNamesThatThereAre) {
  EXPECT_EQ(find_label_map(text("own.toml", "[map]\nNevus = \"harmless\"\n").string()).find("NV"), "harmless");
  try {
    find_label_map("nowhere");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("ham7"));
  }
}

}  // namespace
}  // namespace naevus::dataset
