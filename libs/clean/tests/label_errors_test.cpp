#include "naevus/clean/label_errors.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"

namespace naevus::clean {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

dataset::PredictionTable table_from(const TemporaryFolder& folder, const std::string& text) {
  write_file(folder / "predictions.csv", std::string_view(text));
  return dataset::read_prediction_table(folder / "predictions.csv");
}

dataset::Manifest manifest_of(const std::vector<std::string>& labels) {
  dataset::Manifest manifest;
  manifest.path = "set.csv";
  for (std::size_t i = 0; i < labels.size(); ++i)
    manifest.entries.push_back({.image = "p" + std::to_string(i) + ".jpg", .label = labels[i]});
  return manifest;
}

/// Predictions of a model that knows: the first half are nv, the others mel.
std::string predictions_for(std::size_t pictures) {
  std::string text = "image,label,p_mel,p_nv\n";
  for (std::size_t i = 0; i < pictures; ++i)
    text += "./p" + std::to_string(i) + ".jpg,," + (2 * i < pictures ? "0.0625,0.9375" : "0.875,0.125") + "\n";
  return text;
}

TEST(LabelErrors, ASwappedLabelIsFoundWithWhatItShouldBe) {
  const TemporaryFolder folder;
  std::vector<std::string> labels(20, "mel");
  std::fill_n(labels.begin(), 10, "nv");
  labels[4] = "mel";
  const auto errors = label_errors(manifest_of(labels), table_from(folder, predictions_for(20)));
  ASSERT_EQ(errors.findings.size(), 1U);
  const Finding& found = errors.findings[0];
  EXPECT_EQ(found.kind, "label_error");
  EXPECT_EQ(found.image, "p4.jpg");
  EXPECT_EQ(found.row, 4U);
  EXPECT_EQ(found.score, 0.9375);
  EXPECT_EQ(found.evidence, "labelled mel (p 0.062), more likely nv (p 0.938)");
  EXPECT_EQ(errors.judged, 20U);
  EXPECT_THAT(errors.warnings, IsEmpty());
  EXPECT_THAT(errors.classes, ElementsAre("mel", "nv"));
  EXPECT_EQ(errors.joint.at(0, 0), 10);
  EXPECT_EQ(errors.joint.at(0, 1), 1);
}

TEST(LabelErrors, AreCleanlabsWhereverTheRowsStandInTheManifest) {
  const TemporaryFolder folder;
  const auto golden = nlohmann::json::parse(read_text(NAEVUS_SOURCE_DIR "/tests/golden/confident_learning.json"));
  const auto& item = golden.at("cases").at(3);  // seven classes as in HAM10000
  const auto labels = item.at("labels").get<std::vector<int>>();
  const auto& probabilities = item.at("probabilities");
  const std::vector<std::string> classes{"akiec", "bcc", "bkl", "df", "mel", "nv", "vasc"};
  std::string text = "image,p_akiec,p_bcc,p_bkl,p_df,p_mel,p_nv,p_vasc\n";
  for (std::size_t i = labels.size(); i-- > 0;) {
    text += std::to_string(i);
    for (std::size_t c = 0; c < 7; ++c) text += "," + probabilities.at(i * 7 + c).dump();
    text += "\n";
  }
  // Rows that can't be judged stand between the others.
  dataset::Manifest manifest{.path = "set.csv"};
  for (std::size_t i = 0; i < labels.size(); ++i) {
    manifest.entries.push_back({.image = "?", .label = "nv"});
    manifest.entries.push_back({.image = std::to_string(i), .label = classes[static_cast<std::size_t>(labels[i])]});
  }
  std::vector<std::size_t> rows;
  const auto errors = label_errors(manifest, table_from(folder, text));
  for (const Finding& found : errors.findings) rows.push_back((found.row - 1) / 2);
  EXPECT_EQ(rows, item.at("issues").get<std::vector<std::size_t>>());
  EXPECT_EQ(errors.joint.count, item.at("calibrated").get<std::vector<std::int64_t>>());
}

TEST(LabelErrors, RowsThatCanNotBeJudgedAreToldOf) {
  const TemporaryFolder folder;
  std::vector<std::string> labels{"nv", "nv", "", "mel", "mel", "mel", "scc", "mel"};
  const auto errors = label_errors(manifest_of(labels), table_from(folder, predictions_for(6)));
  EXPECT_EQ(errors.judged, 5U);
  EXPECT_THAT(
      errors.warnings,
      ElementsAre(HasSubstr("1 of 8 rows could not be judged: they have no label"),
                  HasSubstr("1 of 8 rows could not be judged: their labels are none of the predicted classes mel, nv"),
                  HasSubstr("has no prediction for them")));
}

TEST(LabelErrors, PredictionsThatDoNotFitAreRefused) {
  const TemporaryFolder folder;
  const auto predictions = table_from(folder, predictions_for(6));
  EXPECT_THROW(label_errors(manifest_of({"scc", "df"}), predictions), InputError);
  EXPECT_THROW(label_errors(manifest_of({}), predictions), InputError);
  EXPECT_THROW(label_errors(manifest_of({"nv", "nv", "nv"}), predictions), InputError);
  EXPECT_THROW(table_from(folder, "image,label,p_a,p_b\nx,,0.5,0.6\n"), InputError);
  EXPECT_THROW(table_from(folder, "image,label,p_a,p_b\nx,,0.5,0.5\nx,,0.4,0.6\n"), InputError);
}

}  // namespace
}  // namespace naevus::clean
