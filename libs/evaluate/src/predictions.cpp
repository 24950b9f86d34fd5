#include "naevus/evaluate/predictions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "naevus/base/csv.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/dataset/prediction_table.hpp"
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

/// Ids of the entries of a part.
std::set<std::string> ids_of(const Manifest& manifest, Part part, std::string Entry::* id) {
  std::set<std::string> ids;
  for (const Entry& entry : manifest.entries)
    if (entry.part == part && !(entry.*id).empty()) ids.insert(entry.*id);
  return ids;
}

/// Whether pictures share a lesion or patient with another part: training, or validation, which chose the model.
Check check_parts(const Manifest& manifest, const Selection& selection, std::string Entry::* id, const char* what) {
  Check check{.id = fmt::format("{}s", what), .verdict = Verdict::passed, .text = {}, .examples = {}};
  std::set<std::string> known;
  for (const std::size_t i : selection.entries)
    if (!(manifest.entries[i].*id).empty()) known.insert(manifest.entries[i].*id);
  if (known.empty() || !has_split(manifest)) {
    check.verdict = Verdict::unknown;
    check.text = known.empty() ? fmt::format("no {} is named", what) : "the manifest has no parts";
    return check;
  }
  std::set<std::string> shared;
  std::string parts;
  for (const auto& [part, name] : {std::pair(Part::train, "training"), std::pair(Part::validation, "validation")}) {
    const std::set<std::string> others = ids_of(manifest, part, id);
    const auto count = std::count_if(selection.entries.begin(), selection.entries.end(), [&](std::size_t i) {
      const Entry& entry = manifest.entries[i];
      if (entry.part == part || !others.contains(entry.*id)) return false;
      shared.insert(entry.*id);
      return true;
    });
    if (count > 0)
      parts += fmt::format("{}{} of the pictures show a {} that the {} part shows too", parts.empty() ? "" : ", ",
                           grouped(static_cast<std::uint64_t>(count)), what, name);
  }
  check.count = shared.size();
  if (shared.empty()) {
    check.text = fmt::format("none of {} {}s stands in another part", grouped(known.size()), what);
    return check;
  }
  check.verdict = Verdict::failed;
  check.text = parts + ": the scores are too good";
  constexpr std::size_t kept = 20;
  for (const std::string& name : shared)
    if (check.examples.size() < kept) check.examples.push_back(name);
  return check;
}

std::string place(const Manifest& manifest, const Entry& entry) {
  return fmt::format("{}:{}", manifest.path.filename().string(), entry.line);
}

Case case_of(const Manifest& manifest, const Entry& entry, int truth) {
  Case item;
  item.where = place(manifest, entry);
  item.image = entry.image;
  item.path = manifest.image_path(entry);
  item.label = entry.label;
  item.truth = truth;
  item.lesion_id = entry.lesion_id;
  item.patient_id = entry.patient_id;
  item.age = entry.age;
  item.sex = entry.sex;
  item.site = entry.site;
  item.source = entry.source;
  return item;
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
  set_check(predictions.checks, check_parts(manifest, selection, &Entry::lesion_id, "lesion"));
  set_check(predictions.checks, check_parts(manifest, selection, &Entry::patient_id, "patient"));
  std::vector<std::size_t> taken;
  std::map<std::string, std::size_t> line_of;  // of each picture
  std::size_t foreign = 0;
  const auto fail = [&](const Entry& entry, std::string reason) {
    predictions.failures.push_back({entry.image, std::move(reason), place(manifest, entry)});
  };
  for (const std::size_t i : selection.entries) {
    const Entry& entry = manifest.entries[i];
    const auto found = std::find(predictions.classes.begin(), predictions.classes.end(), entry.label);
    const auto [first, fresh] = line_of.try_emplace(dataset::picture_name(entry.image), entry.line);
    if (!fresh) {
      fail(entry, fmt::format("stands in line {} already: it is counted once", first->second));
    } else if (entry.label.empty()) {
      fail(entry, "has no label");
    } else if (found == predictions.classes.end()) {
      ++foreign;
      fail(entry,
           fmt::format("its label '{}' is none of the classes {}", entry.label, fmt::join(predictions.classes, ", ")));
    } else {
      taken.push_back(i);
      predictions.cases.push_back(case_of(manifest, entry, static_cast<int>(found - predictions.classes.begin())));
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
