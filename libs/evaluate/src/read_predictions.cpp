#include <fmt/format.h>

#include <set>

#include "copy_checks.hpp"
#include "naevus/base/error.hpp"
#include "naevus/dataset/label_map.hpp"
#include "naevus/dataset/prediction_table.hpp"
#include "naevus/evaluate/predictions.hpp"

namespace naevus::evaluate {
namespace {

/// A manifest that the file's own rows make.
dataset::Manifest own_manifest(const dataset::PredictionTable& rows) {
  if (!rows.has_labels)
    throw InputError("has no column 'label'", rows.path.string(), "name the manifest with the labels too");
  dataset::Manifest manifest;
  manifest.path = rows.path;
  for (std::size_t i = 0; i < rows.image.size(); ++i) {
    dataset::Entry entry;
    entry.image = rows.image[i];
    entry.label = rows.label[i];
    entry.line = rows.line[i];
    manifest.entries.push_back(std::move(entry));
  }
  return manifest;
}

/// The manifest with the file's labels where it has none of its own; says where the two disagree.
dataset::Manifest with_labels(dataset::Manifest manifest, const dataset::PredictionTable& rows,
                              std::vector<std::string>& warnings) {
  std::size_t different = 0;
  for (dataset::Entry& entry : manifest.entries) {
    const auto row = rows.row_of_image.find(rows.name_of(entry.image));
    if (row == rows.row_of_image.end() || rows.label[row->second].empty()) continue;
    const std::string& label = rows.label[row->second];
    if (entry.label.empty()) entry.label = label;
    if (entry.label != label) ++different;
  }
  if (different > 0)
    warnings.push_back(
        fmt::format("{} pictures have another label in the manifest than in the predictions: the manifest's "
                    "counts",
                    different));
  return manifest;
}

/// Joins the cases with their rows; cases without a row become failures.
void join(Predictions& predictions, const dataset::PredictionTable& rows) {
  std::vector<Case> joined;
  for (Case& item : predictions.cases) {
    const auto row = rows.row_of_image.find(rows.name_of(item.image));
    if (row == rows.row_of_image.end()) {
      predictions.failures.push_back({item.image, "has no prediction", item.where});
      continue;
    }
    const auto values = rows.probabilities.begin() + static_cast<std::ptrdiff_t>(row->second * rows.classes.size());
    predictions.probabilities.insert(predictions.probabilities.end(), values,
                                     values + static_cast<std::ptrdiff_t>(rows.classes.size()));
    joined.push_back(std::move(item));
  }
  predictions.cases = std::move(joined);
}

}  // namespace

Predictions read_predictions(const std::filesystem::path& path, const dataset::Manifest* manifest,
                             const std::string& part) {
  const dataset::PredictionTable rows = dataset::read_prediction_table(path);
  Predictions predictions;
  predictions.source = path.string();
  predictions.challenge = rows.challenge;
  predictions.classes = rows.classes;
  predictions.malignant = dataset::usual_malignant(rows.classes);
  if (manifest == nullptr) {
    const dataset::Manifest own = own_manifest(rows);
    take_cases(own, select(own, "all"), predictions);
    for (Case& item : predictions.cases) item.path.clear();
    predictions.manifest.clear();
  } else {
    const dataset::Manifest labelled = with_labels(*manifest, rows, predictions.warnings);
    take_cases(labelled, select(labelled, part), predictions);
    std::set<std::string> known;
    for (const dataset::Entry& entry : labelled.entries) known.insert(rows.name_of(entry.image));
    for (std::size_t i = 0; i < rows.image.size(); ++i)
      if (!known.contains(rows.name_of(rows.image[i])))
        predictions.failures.push_back(
            {rows.image[i], "is not in the manifest", fmt::format("{}:{}", path.filename().string(), rows.line[i])});
  }
  join(predictions, rows);
  checks_without_model(predictions);
  if (predictions.cases.empty())
    throw InputError(predictions.failures.empty()
                         ? "has no rows"
                         : fmt::format("no picture can be scored; the first, '{}', {}",
                                       predictions.failures.front().image, predictions.failures.front().reason),
                     path.string(), "the column 'image' must name pictures as the manifest does");
  return predictions;
}

}  // namespace naevus::evaluate
