// Labels that were probably meant for others.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "metadata_parts.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/dataset/label_map.hpp"

namespace naevus::clean {
namespace {

using dataset::Entry;
using dataset::Manifest;

struct Label {
  std::string text;
  std::size_t rows = 0;
  bool known = false;  ///< a diagnosis that naevus knows
};

std::vector<Label> labels_of(const Manifest& manifest) {
  std::map<std::string, std::size_t> count;
  for (const Entry& entry : manifest.entries)
    if (!is_unknown(entry.label)) ++count[entry.label];
  std::vector<Label> labels;
  labels.reserve(count.size());
  for (const auto& [text, rows] : count) labels.push_back({text, rows, dataset::is_known_diagnosis(text)});
  return labels;
}

/// What is wrong with a label, and how sure that is.
struct Doubt {
  double score = 1;
  std::string evidence;
};

std::optional<Doubt> doubt_about(const Label& label, const std::vector<Label>& all, bool mostly_known) {
  const auto more = [&](const Label& other) {
    return other.rows > label.rows || (other.rows == label.rows && other.text < label.text);
  };
  for (const Label& other : all)
    if (more(other) && dataset::short_label(other.text) == dataset::short_label(label.text))
      return Doubt{1, fmt::format("'{}' is another spelling of '{}', which {} rows have", label.text, other.text,
                                  grouped(other.rows))};
  if (!label.known) {
    const Label* nearest = nullptr;
    for (const Label& other : all)
      if (other.rows >= 5 * label.rows && nearly_equal(folded(label.text), folded(other.text)) &&
          (nearest == nullptr || other.rows > nearest->rows))
        nearest = &other;
    if (nearest != nullptr)
      return Doubt{
          likeness(folded(label.text), folded(nearest->text)),
          fmt::format("'{}' is nearly '{}', which {} rows have", label.text, nearest->text, grouped(nearest->rows))};
    if (mostly_known)
      return Doubt{1, fmt::format("'{}' is not a diagnosis that is known, as nearly all others are", label.text)};
  }
  if (label.rows == 1) return Doubt{1, fmt::format("no other row is labelled '{}'", label.text)};
  return std::nullopt;
}

}  // namespace

void find_unknown_labels(const Manifest& manifest, std::vector<Finding>& findings) {
  const std::vector<Label> labels = labels_of(manifest);
  std::size_t filled = 0, known = 0;
  for (const Label& label : labels) {
    filled += label.rows;
    if (label.known) known += label.rows;
  }
  std::map<std::string, Doubt> doubts;
  for (const Label& label : labels)
    if (auto doubt = doubt_about(label, labels, 10 * known >= 9 * filled))
      doubts.emplace(label.text, std::move(*doubt));
  for (std::size_t row = 0; row < manifest.entries.size(); ++row)
    if (const auto doubt = doubts.find(manifest.entries[row].label); doubt != doubts.end())
      findings.push_back(row_finding(manifest, "unknown_label", row, doubt->second.score, doubt->second.evidence));
}

}  // namespace naevus::clean
