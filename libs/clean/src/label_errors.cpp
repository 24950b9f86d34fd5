#include "naevus/clean/label_errors.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "naevus/base/error.hpp"
#include "naevus/base/progress.hpp"

namespace naevus::clean {
namespace {

/// The rows that can be judged, and how many can't.
struct Judged {
  std::vector<std::size_t> row;  ///< of the manifest
  std::vector<int> label;
  std::vector<double> probabilities;
  std::size_t unlabelled = 0, foreign = 0, unpredicted = 0;
};

Judged judged_rows(const dataset::Manifest& manifest, const dataset::PredictionTable& predictions) {
  Judged judged;
  const std::size_t classes = predictions.classes.size();
  for (std::size_t row = 0; row < manifest.entries.size(); ++row) {
    const dataset::Entry& entry = manifest.entries[row];
    const auto label = std::find(predictions.classes.begin(), predictions.classes.end(), entry.label);
    const auto prediction = predictions.row_of_image.find(predictions.name_of(entry.image));
    if (entry.label.empty()) {
      ++judged.unlabelled;
    } else if (label == predictions.classes.end()) {
      ++judged.foreign;
    } else if (prediction == predictions.row_of_image.end()) {
      ++judged.unpredicted;
    } else {
      judged.row.push_back(row);
      judged.label.push_back(static_cast<int>(label - predictions.classes.begin()));
      const auto values = predictions.probabilities.begin() + static_cast<std::ptrdiff_t>(prediction->second * classes);
      judged.probabilities.insert(judged.probabilities.end(), values, values + static_cast<std::ptrdiff_t>(classes));
    }
  }
  return judged;
}

std::vector<std::string> warnings_of(const Judged& judged, std::size_t rows,
                                     const dataset::PredictionTable& predictions) {
  std::vector<std::string> warnings;
  const auto warn = [&](std::size_t count, const std::string& why) {
    if (count > 0)
      warnings.push_back(fmt::format("{} of {} rows could not be judged: {}", grouped(count), grouped(rows), why));
  };
  warn(judged.unlabelled, "they have no label");
  warn(judged.foreign,
       fmt::format("their labels are none of the predicted classes {}", fmt::join(predictions.classes, ", ")));
  warn(judged.unpredicted, fmt::format("{} has no prediction for them", predictions.path.string()));
  return warnings;
}

Finding finding_of(const dataset::Manifest& manifest, const dataset::PredictionTable& predictions, const Judged& judged,
                   std::size_t index) {
  const std::size_t classes = predictions.classes.size();
  const auto values = judged.probabilities.begin() + static_cast<std::ptrdiff_t>(index * classes);
  const auto likely = std::max_element(values, values + static_cast<std::ptrdiff_t>(classes)) - values;
  const auto given = judged.label[index];
  return {.kind = "label_error",
          .image = manifest.entries[judged.row[index]].image,
          .other = {},
          .score = 1 - values[given],
          .evidence = fmt::format("labelled {} (p {:.3f}), more likely {} (p {:.3f})",
                                  predictions.classes[static_cast<std::size_t>(given)], values[given],
                                  predictions.classes[static_cast<std::size_t>(likely)], values[likely]),
          .row = judged.row[index]};
}

}  // namespace

LabelErrors label_errors(const dataset::Manifest& manifest, const dataset::PredictionTable& predictions) {
  const Judged judged = judged_rows(manifest, predictions);
  LabelErrors errors{.classes = predictions.classes,
                     .joint = {},
                     .findings = {},
                     .judged = judged.row.size(),
                     .warnings = warnings_of(judged, manifest.entries.size(), predictions)};
  if (judged.row.empty())
    throw InputError(
        errors.warnings.empty() ? std::string("lists no pictures") : fmt::format("{}", errors.warnings.front()),
        manifest.path.string(), "images and labels must be named as in the predictions");
  const std::size_t classes = predictions.classes.size();
  errors.joint =
      metrics::calibrated(metrics::confident_joint(judged.probabilities, judged.label, classes), judged.label);
  for (const std::size_t index : metrics::find_label_issues(judged.probabilities, judged.label, classes))
    errors.findings.push_back(finding_of(manifest, predictions, judged, index));
  return errors;
}

}  // namespace naevus::clean
