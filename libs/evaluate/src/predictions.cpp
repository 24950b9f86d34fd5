#include "naevus/evaluate/predictions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "naevus/base/csv.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/metrics/calibration.hpp"

namespace naevus::evaluate {
namespace {

using dataset::Entry;
using dataset::Manifest;
using dataset::Part;

bool has_split(const Manifest& manifest) {
  return std::any_of(manifest.entries.begin(), manifest.entries.end(),
                     [](const Entry& entry) { return entry.part != Part::none; });
}

/// Warns when pictures outside the training part share an id with pictures inside it.
void warn_of_shared(const Manifest& manifest, const Selection& selection, std::string Entry::* id, const char* what,
                    std::vector<std::string>& warnings) {
  std::set<std::string> trained;
  for (const Entry& entry : manifest.entries)
    if (entry.part == Part::train && !(entry.*id).empty()) trained.insert(entry.*id);
  const auto shared = std::count_if(selection.entries.begin(), selection.entries.end(), [&](std::size_t i) {
    const Entry& entry = manifest.entries[i];
    return entry.part != Part::train && trained.contains(entry.*id);
  });
  if (shared > 0)
    warnings.push_back(
        fmt::format("{} of the pictures show a {} that the training part shows too: the scores are too good",
                    grouped(static_cast<std::uint64_t>(shared)), what));
}

}  // namespace

std::vector<int> Predictions::truth() const {
  std::vector<int> indices;
  for (const Case& item : cases) indices.push_back(item.truth);
  return indices;
}

std::vector<int> Predictions::malignant_indices() const {
  std::vector<int> indices;
  for (std::size_t c = 0; c < classes.size(); ++c)
    if (std::find(malignant.begin(), malignant.end(), classes[c]) != malignant.end())
      indices.push_back(static_cast<int>(c));
  return indices;
}

std::vector<double> Predictions::malignant_probability() const {
  return metrics::summed_probability(probabilities, classes.size(), malignant_indices());
}

Selection select(const Manifest& manifest, const std::string& part) {
  if (part != "all" && part != "train" && part != "validation" && part != "test")
    throw UsageError(fmt::format("there is no part '{}'", part), "--part", "choose train, validation, test or all");
  const std::string where = manifest.path.string();
  if (manifest.entries.empty()) throw InputError("lists no pictures", where);
  Selection selection{.part = part, .entries = {}, .warnings = {}};
  if (part != "all" && has_split(manifest)) {
    selection.entries = manifest.in(dataset::part_from(part));
    if (selection.entries.empty())
      throw InputError(fmt::format("has no pictures in the part '{}'", part), where,
                       "make the parts with: naevus split");
    return selection;
  }
  if (part != "all")
    selection.warnings.push_back(
        "the manifest has no split: all its pictures are scored, those that were trained on too");
  selection.part = "all";
  for (std::size_t i = 0; i < manifest.entries.size(); ++i) selection.entries.push_back(i);
  return selection;
}

std::vector<std::size_t> take_cases(const Manifest& manifest, const Selection& selection, Predictions& predictions) {
  predictions.manifest = manifest.path.string();
  predictions.part = selection.part;
  predictions.warnings.insert(predictions.warnings.end(), selection.warnings.begin(), selection.warnings.end());
  warn_of_shared(manifest, selection, &Entry::lesion_id, "lesion", predictions.warnings);
  warn_of_shared(manifest, selection, &Entry::patient_id, "patient", predictions.warnings);
  std::vector<std::size_t> taken;
  std::size_t foreign = 0;
  for (const std::size_t i : selection.entries) {
    const Entry& entry = manifest.entries[i];
    const auto found = std::find(predictions.classes.begin(), predictions.classes.end(), entry.label);
    if (entry.label.empty()) {
      predictions.failures.push_back({entry.image, "has no label"});
    } else if (found == predictions.classes.end()) {
      ++foreign;
      predictions.failures.push_back({entry.image, fmt::format("its label '{}' is none of the classes {}", entry.label,
                                                               fmt::join(predictions.classes, ", "))});
    } else {
      taken.push_back(i);
      predictions.cases.push_back({.image = entry.image,
                                   .path = manifest.image_path(entry),
                                   .label = entry.label,
                                   .truth = static_cast<int>(found - predictions.classes.begin()),
                                   .lesion_id = entry.lesion_id,
                                   .patient_id = entry.patient_id});
    }
  }
  if (foreign > 0)
    predictions.warnings.push_back(
        fmt::format("{} pictures have labels that are none of the classes: a label map (--labels) translates labels",
                    grouped(foreign)));
  return taken;
}

std::string predictions_csv(const Predictions& predictions) {
  std::vector<std::string> fields{"image", "label"};
  for (const std::string& name : predictions.classes) fields.push_back("p_" + name);
  std::string text = csv_line(fields);
  const std::size_t classes = predictions.classes.size();
  for (std::size_t i = 0; i < predictions.cases.size(); ++i) {
    fields = {predictions.cases[i].image, predictions.cases[i].label};
    for (std::size_t c = 0; c < classes; ++c)
      fields.push_back(fmt::format("{}", predictions.probabilities[i * classes + c]));
    text += csv_line(fields);
  }
  return text;
}

}  // namespace naevus::evaluate
