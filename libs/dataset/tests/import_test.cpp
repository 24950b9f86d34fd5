#include "naevus/dataset/import.hpp"

#include <gmock/gmock.h>

#include "naevus/base/error.hpp"
#include "test_folder.hpp"

namespace naevus::dataset {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

class Import : public TestFolder {
 protected:
  ImportResult import(const std::string& source = "", const ImportOptions& options = {}) {
    return import_data(source.empty() ? root : root / source, options, pool_);
  }
  /// The entry whose image has that name without its extension.
  static const Entry& entry(const ImportResult& result, const std::string& stem) {
    for (const Entry& one : result.manifest.entries)
      if (std::filesystem::path(one.image).stem() == stem) return one;
    throw std::out_of_range(stem);
  }
  static std::string other(const ImportResult& result, const std::string& stem, const std::string& column) {
    const auto& columns = result.manifest.other_columns;
    const auto at = std::find(columns.begin(), columns.end(), column) - columns.begin();
    return entry(result, stem).other.at(static_cast<std::size_t>(at));
  }
  /// "item: reason" of what can't be used.
  static std::vector<std::string> unusable(const ImportResult& result) {
    std::vector<std::string> all;
    for (const Unusable& one : result.unusable) all.push_back(one.item + ": " + one.reason);
    return all;
  }
  std::string problem_of(const std::string& source = "", const ImportOptions& options = {}) {
    try {
      import(source, options);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }

 private:
  WorkerPool pool_{2};
};

TEST_F(Import, ReadsAFolderPerClassWithParts) {
  for (const char* name :
       {"Train/melanoma/a.jpg", "Train/nevus/b.png", "Valid/nevus/c.jpg", "Test/melanoma/deep/d.jpg"})
    picture(name);
  text("Train/readme.txt", "hello");
  text("Train/nevus/Thumbs.db", "x");
  const ImportResult result = import();
  EXPECT_EQ(result.format, "folder per class");
  EXPECT_THAT(result.manifest.entries, SizeIs(4));
  EXPECT_EQ(entry(result, "a").label, "mel");
  EXPECT_EQ(entry(result, "a").part, Part::train);
  EXPECT_EQ(entry(result, "c").part, Part::validation);
  EXPECT_EQ(entry(result, "d").part, Part::test);
  EXPECT_EQ(entry(result, "d").source, root.filename());
  EXPECT_THAT(unusable(result), IsEmpty());
}

TEST_F(Import, ReadsClassFoldersInAnyScriptBelowAWrappingFolder) {
  picture("archive/родинка/снимок 1.jpg");
  picture("archive/黒色腫/一.png");
  const ImportResult result = import();
  EXPECT_THAT(result.manifest.classes(), ElementsAre("родинка", "黒色腫"));
}

TEST_F(Import, NamesEveryFileOfAClassFolderThatItCantUse) {
  picture("mel/good.jpg");
  picture("nv/good2.jpg");
  picture("loose.jpg");
  text("nv/text.jpg", "this is no picture");
  text("nv/nothing.png", "");
  text("nv/animated.gif", "GIF89a......");
  std::filesystem::create_directories(root / "bcc");
  const ImportResult result = import();
  EXPECT_THAT(result.manifest.entries, SizeIs(2));
  EXPECT_THAT(unusable(result), UnorderedElementsAre(HasSubstr("text.jpg: "), HasSubstr("nothing.png: "),
                                                     HasSubstr("GIF"), "loose.jpg: it lies in no class's folder",
                                                     "bcc: the class's folder holds no picture"));
}

TEST_F(Import, ReadsHam10000WithItsTwoImageFolders) {
  picture("HAM10000_images_part_1/ISIC_0000001.jpg");
  picture("HAM10000_images_part_2/ISIC_0000002.jpg");
  picture("HAM10000_images_part_2/ISIC_0000009.jpg");
  picture("masks/ISIC_0000001_segmentation.png");
  text("HAM10000_metadata.csv",
       "lesion_id,image_id,dx,dx_type,age,sex,localization\n"
       "HAM_1,ISIC_0000001,bkl,histo,80.0,male,scalp\n"
       "HAM_2,ISIC_0000002,nv,follow_up,,unknown,unknown\n"
       "HAM_3,ISIC_0000003,mel,histo,50.0,female,back\n"
       "HAM_2,ISIC_0000002,nv,follow_up,,unknown,unknown\n");
  const ImportResult result = import("", {.source = "ham"});
  EXPECT_EQ(result.format, "HAM10000");
  const Entry& one = entry(result, "ISIC_0000001");
  EXPECT_THAT((std::vector{one.label, one.lesion_id, one.age, one.sex, one.site, one.source}),
              ElementsAre("bkl", "HAM_1", "80", "male", "scalp", "ham"));
  EXPECT_EQ(other(result, "ISIC_0000001", "dx_type"), "histo");
  EXPECT_EQ(entry(result, "ISIC_0000002").sex, "");
  EXPECT_THAT(unusable(result), UnorderedElementsAre("ISIC_0000003: no image of that name",
                                                     AllOf(HasSubstr("ISIC_0000002: the image stands twice"),
                                                           HasSubstr("metadata.csv:3")),
                                                     "ISIC_0000009.jpg: no table has a row for it"));
}

TEST_F(Import, ReadsIsic2017) {
  for (const char* name : {"train/ISIC_1.jpg", "train/ISIC_2.jpg", "validation/ISIC_3.jpg", "train/ISIC_4.jpg"})
    picture(name);
  text("ISIC2017_metadata.csv",
       "image_id,part,melanoma,seborrheic_keratosis,age_approximate,sex\n"
       "ISIC_1,train,0,0,55,female\nISIC_2,train,1.0,0.0,60,male\nISIC_3,validation,0,1,unknown,male\nISIC_4,train,1,1,"
       "5,male\n");
  const ImportResult result = import();
  EXPECT_EQ(result.format, "ISIC 2017");
  EXPECT_EQ(entry(result, "ISIC_1").label, "nv");
  EXPECT_EQ(entry(result, "ISIC_2").label, "mel");
  EXPECT_EQ(entry(result, "ISIC_3").label, "sk");
  EXPECT_EQ(entry(result, "ISIC_3").part, Part::validation);
  EXPECT_EQ(entry(result, "ISIC_1").age, "55");
  EXPECT_THAT(unusable(result), ElementsAre("ISIC_4: two labels: melanoma and seborrheic_keratosis"));
}

TEST_F(Import, ReadsIsic2018WithItsGroupings) {
  for (const char* name :
       {"train/ISIC_1.jpg", "train/ISIC_2.jpg", "train/ISIC_3.jpg", "train/ISIC_4.jpg", "val/ISIC_5.jpg"})
    picture(name);
  text("ISIC2018_Task3_Training_GroundTruth.csv",
       "image,MEL,NV,BCC,AKIEC,BKL,DF,VASC\nISIC_1,0.0,1.0,0.0,0.0,0.0,0.0,0.0\nISIC_2,0,0,0,1,0,0,0\n"
       "ISIC_3,0,0,0,0,0,0,0\nISIC_4,1,1,0,0,0,0,0\n");
  text("ISIC2018_Task3_Validation_GroundTruth.csv", "image,MEL,NV,BCC,AKIEC,BKL,DF,VASC\nISIC_5,1,0,0,0,0,0,0\n");
  text("ISIC2018_Task3_Training_LesionGroupings.csv",
       "image,lesion_id,diagnosis_confirm_type\nISIC_2,HAM_7,histopathology\nISIC_1,HAM_8,serial imaging\n");
  const ImportResult result = import();
  EXPECT_EQ(result.format, "ISIC 2018");
  EXPECT_EQ(entry(result, "ISIC_1").label, "nv");
  EXPECT_EQ(entry(result, "ISIC_2").label, "akiec");
  EXPECT_EQ(entry(result, "ISIC_2").lesion_id, "HAM_7");
  EXPECT_EQ(entry(result, "ISIC_2").part, Part::train);
  EXPECT_EQ(entry(result, "ISIC_5").part, Part::validation);
  EXPECT_EQ(other(result, "ISIC_1", "diagnosis_confirm_type"), "serial imaging");
  EXPECT_THAT(unusable(result), ElementsAre("ISIC_3: no class is marked", "ISIC_4: two labels: MEL and NV"));
}

TEST_F(Import, ReadsIsic2019WithItsMetadata) {
  picture("in/ISIC_1_downsampled.jpg");
  picture("in/ISIC_2.jpg");
  text("ISIC_2019_Training_GroundTruth.csv",
       "image,MEL,NV,BCC,AK,BKL,DF,VASC,SCC,UNK\nISIC_1_downsampled,0,0,0,0,0,0,0,1,0\nISIC_2,0,0,0,0,0,0,0,0,1\n");
  text("ISIC_2019_Training_Metadata.csv",
       "image,age_approx,anatom_site_general,lesion_id,sex\nISIC_1_downsampled,55.0,anterior "
       "torso,BCN_1,female\nISIC_2,,,,\n");
  const ImportResult result = import("", {.labels = find_label_map("isic2019")});
  EXPECT_EQ(result.format, "ISIC 2019");
  const Entry& one = entry(result, "ISIC_1_downsampled");
  EXPECT_THAT((std::vector{one.label, one.age, one.site, one.lesion_id, one.sex}),
              ElementsAre("scc", "55", "anterior torso", "BCN_1", "female"));
  EXPECT_EQ(one.part, Part::none);
  EXPECT_THAT(unusable(result), ElementsAre(HasSubstr("the label map drops 'unk'")));
}

TEST_F(Import, ReadsIsic2020) {
  for (const char* name : {"train/ISIC_1.jpg", "train/ISIC_2.jpg", "train/ISIC_3.jpg"}) picture(name);
  text("ISIC_2020_Training_GroundTruth.csv",
       "image_name,patient_id,sex,age_approx,anatom_site_general_challenge,diagnosis,benign_malignant,target\n"
       "ISIC_1,IP_1,male,45.0,head/neck,unknown,benign,0\nISIC_2,IP_2,female,,,melanoma,malignant,1\n"
       "ISIC_3,IP_2,female,,,seborrheic keratosis,benign,0\n");
  const ImportResult result = import();
  EXPECT_EQ(result.format, "ISIC 2020");
  EXPECT_EQ(entry(result, "ISIC_1").label, "benign");
  EXPECT_EQ(entry(result, "ISIC_1").site, "head/neck");
  EXPECT_EQ(entry(result, "ISIC_2").label, "mel");
  EXPECT_EQ(entry(result, "ISIC_2").patient_id, "IP_2");
  EXPECT_EQ(entry(result, "ISIC_3").label, "sk");
}

TEST_F(Import, ReadsIsic2024) {
  picture("train-image/image/ISIC_1.jpg");
  picture("train-image/image/ISIC_2.jpg");
  text("train-metadata.csv",
       "isic_id,target,patient_id,age_approx,sex,anatom_site_general,tbp_lv_A\nISIC_1,0,IP_1,60.0,male,lower "
       "extremity,20.1\n"
       "ISIC_2,1,IP_2,65.0,male,head/neck,21\n");
  text("test-metadata.csv", "isic_id,patient_id,age_approx\nISIC_77,IP_9,30\n");
  text("sample_submission.csv", "isic_id,target\nISIC_77,0.3\n");
  const ImportResult result = import();
  EXPECT_EQ(result.format, "ISIC 2024");
  EXPECT_EQ(entry(result, "ISIC_1").label, "benign");
  EXPECT_EQ(entry(result, "ISIC_2").label, "malignant");
  EXPECT_EQ(other(result, "ISIC_1", "tbp_lv_A"), "20.1");
  EXPECT_THAT(unusable(result), IsEmpty());
}

TEST_F(Import, ReadsPh2) {
  for (const char* name : {"IMD003", "IMD009", "IMD058", "IMD060"}) {
    const std::string folder = std::string("PH2 Dataset images/") + name + "/" + name;
    picture(folder + "_Dermoscopic_Image/" + name + ".png");
    picture(folder + "_lesion/" + name + "_lesion.png");
    picture(folder + "_roi/" + name + "_R1_Label4.png");
  }
  text("PH2_dataset.txt",
       "||   Name ||   Histological Diagnosis | Clinical Diagnosis || Asymmetry |  Pigment Network ||  Colors ||\r\n"
       "|| IMD003 ||                          |                  0 ||         0 |                T ||       4 ||\r\n"
       "|| IMD009 ||                          |                  1 ||         0 |                T ||    3  4 ||\r\n"
       "|| IMD058 ||               Melanoma   |                  2 ||         2 |               AT ||    1  4 ||\r\n"
       "|| IMD060 ||               Melanoma   |                  7 ||         2 |               AT ||    1  4 ||\r\n"
       "\r\nLegends:\r\n\r\nClinical Diagnosis: \r\n\t0 - Common Nevus; 1 - Atypical Nevus; 2 - Melanoma. \r\n");
  const ImportResult result = import();
  EXPECT_EQ(result.format, "PH2");
  EXPECT_THAT(result.manifest.entries, SizeIs(3));
  EXPECT_EQ(entry(result, "IMD009").label, "nv");
  EXPECT_EQ(other(result, "IMD009", "clinical_diagnosis"), "atypical nevus");
  EXPECT_EQ(other(result, "IMD009", "colors"), "3  4");
  EXPECT_EQ(entry(result, "IMD058").label, "mel");
  EXPECT_EQ(other(result, "IMD058", "pigment_network"), "AT");
  EXPECT_THAT(unusable(result), ElementsAre(HasSubstr("IMD060: the clinical diagnosis is '7'")));
}

TEST_F(Import, ReadsAnyTableByItsColumns) {
  picture("фото/a b.jpg");
  picture("фото/c.jpg");
  const std::string absolute = picture("elsewhere/d.jpg").string();
  text("clinic.csv",
       "\xEF\xBB\xBF"
       "Datei,Befund,label,age\r\nфото/a b.jpg,Nevus,x,40\r\nc,melanoma,y,50\r\n" +
           absolute + ",wart,z,60\r\nc.jpg,,z,\r\ngone.jpg,nevus,z,\r\n");
  const ImportResult result = import("clinic.csv", {.image_column = "Datei", .label_column = "Befund"});
  EXPECT_EQ(entry(result, "a b").label, "nv");
  EXPECT_EQ(entry(result, "a b").image, (root / "фото/a b.jpg").string());
  EXPECT_EQ(entry(result, "c").label, "mel");
  EXPECT_EQ(entry(result, "d").label, "wart");
  EXPECT_EQ(other(result, "d", "original_label"), "z");
  EXPECT_THAT(unusable(result), ElementsAre("c.jpg: no label", "gone.jpg: no image of that name"));
  EXPECT_THAT(problem_of("clinic.csv", {.image_column = "file"}), HasSubstr("Datei, Befund, label, age"));
  EXPECT_THAT(problem_of("clinic.csv"), AllOf(HasSubstr("Datei"), HasSubstr("--image-column")));
}

TEST_F(Import, ReadsAManifestWithEverythingItSays) {
  picture("images/a.jpg");
  picture("images/b.jpg");
  text("manifest.csv",
       "image,label,split,lesion_id,source,camera\nimages/a.jpg,nv,train,L1,clinic,X\nimages/"
       "b.jpg,mel,test,L2,clinic,Y\n");
  const ImportResult result = import();
  EXPECT_EQ(result.format, "manifest");
  EXPECT_EQ(entry(result, "a").part, Part::train);
  EXPECT_EQ(entry(result, "b").source, "clinic");
  EXPECT_EQ(other(result, "b", "camera"), "Y");
}

TEST_F(Import, JoinsASecondVersionOfATable) {
  picture("ISIC_1.jpg");
  text("GroundTruth.csv", "image_name,diagnosis,benign_malignant,target\nISIC_1,unknown,benign,0\n");
  text("GroundTruth_v2.csv",
       "image_name,patient_id,lesion_id,diagnosis,benign_malignant,target\nISIC_1,IP_1,IL_1,unknown,benign,0\n");
  const ImportResult result = import();
  EXPECT_THAT(result.manifest.entries, SizeIs(1));
  EXPECT_EQ(entry(result, "ISIC_1").lesion_id, "IL_1");
  EXPECT_THAT(unusable(result), IsEmpty());
}

TEST_F(Import, IsTheSameWhenItsManifestLiesInTheFolder) {
  picture("mel/a.jpg");
  picture("nv/b.jpg");
  const ImportOptions options{.except = root / "all.csv"};
  write_manifest(import("", options).manifest, root / "all.csv");
  picture("nv/c.jpg");
  EXPECT_THAT(import("", options).manifest.entries, SizeIs(3));
}

TEST_F(Import, SpoilsBothRowsWhenTablesDisagreeOnALabel) {
  picture("ISIC_1.jpg");
  picture("ISIC_2.jpg");
  text("m.csv", "image_id,dx\nISIC_1,nv\nISIC_1,mel\nISIC_2,nv\n");
  EXPECT_THAT(unusable(import()), ElementsAre(HasSubstr("two labels: nv"), HasSubstr("two labels: nv")));
}

TEST_F(Import, NamesAnImageThatLiesInTwoPlacesUnlessTheBytesAreEqual) {
  std::filesystem::create_directories(root / "b");
  std::filesystem::copy_file(picture("a/ISIC_1.jpg"), root / "b/ISIC_1.jpg");
  picture("a/ISIC_2.jpg");
  picture("b/ISIC_2.jpg");
  text("m.csv", "image_id,dx\nISIC_1,nv\nISIC_2,nv\n");
  const ImportResult result = import("m.csv");
  EXPECT_THAT(result.manifest.entries, SizeIs(1));
  EXPECT_THAT(unusable(result), ElementsAre(HasSubstr("ISIC_2: several images of that name")));
}

TEST_F(Import, RefusesWhatItDoesNotKnow) {
  EXPECT_THAT(problem_of(), HasSubstr("no labels found"));
  EXPECT_THAT(problem_of("missing"), HasSubstr("no such file or folder"));
  picture("images/a.jpg");
  text("odd.csv", "file,kind\na,b\n");
  EXPECT_THAT(problem_of(), AllOf(HasSubstr("no labels found"), HasSubstr("--image-column")));
}

TEST_F(Import, NamesADuplicateColumn) {
  picture("images/ISIC_1.jpg");
  text("m.csv", "image_id,dx,dx\nISIC_1,nv,nv\n");
  EXPECT_THAT(problem_of(), HasSubstr("'dx' stands twice"));
  EXPECT_THAT(problem_of("m.csv"), HasSubstr("'dx' stands twice"));
}

TEST_F(Import, AsksToTakeSeveralDataSetsOneByOne) {
  picture("ham/ISIC_1.jpg");
  text("ham/m.csv", "image_id,dx\nISIC_1,nv\n");
  text("seventeen/m.csv", "image_id,melanoma,seborrheic_keratosis\nISIC_1,0,0\n");
  EXPECT_THAT(problem_of(), AllOf(HasSubstr("several data sets"), HasSubstr("ISIC 2017"), HasSubstr("HAM10000")));
}

TEST_F(Import, SaysWhyWhenNothingCanBeUsed) {
  text("m.csv", "image_id,dx\nISIC_1,nv\n");
  EXPECT_THAT(problem_of(), AllOf(HasSubstr("none of its 1"), HasSubstr("ISIC_1: no image of that name")));
}

}  // namespace
}  // namespace naevus::dataset
