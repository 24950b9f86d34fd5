// Rows that say the same twice, or contradict each other.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>

#include "metadata_parts.hpp"
#include "naevus/dataset/label_map.hpp"

namespace naevus::clean {
namespace {

using dataset::Entry;
using dataset::Manifest;

/// Rows that share a text, by that text; those without it are left out.
std::map<std::string, std::vector<std::size_t>> rows_by(const Manifest& manifest,
                                                        const std::function<std::string(const Entry&)>& key) {
  std::map<std::string, std::vector<std::size_t>> rows;
  for (std::size_t row = 0; row < manifest.entries.size(); ++row)
    if (std::string text = key(manifest.entries[row]); !text.empty()) rows[std::move(text)].push_back(row);
  return rows;
}

std::string lesion_of(const Entry& entry) {
  return is_unknown(entry.lesion_id) ? std::string() : entry.lesion_id;
}

std::string patient_of(const Entry& entry) {
  return is_unknown(entry.patient_id) ? std::string() : entry.patient_id;
}

Finding pair_finding(const Manifest& manifest, std::string kind, std::size_t row, std::size_t other,
                     std::string evidence) {
  Finding finding = row_finding(manifest, std::move(kind), row, 1, std::move(evidence));
  finding.other = manifest.entries[other].image;
  finding.other_row = other;
  return finding;
}

/// "age 45 / 50, sex female / male": what both rows know and disagree on.
std::vector<std::string> disagreements(const std::vector<TextColumn>& columns, std::size_t a, std::size_t b) {
  std::vector<std::string> found;
  for (const TextColumn& column : columns)
    if (!is_unknown(column.value[a]) && !is_unknown(column.value[b]) && column.value[a] != column.value[b])
      found.push_back(fmt::format("{} {} / {}", column.name, column.value[a], column.value[b]));
  return found;
}

/// Each row of a group that has another value than the group's most frequent one (of several the first
/// row's), beside the first row that has that.
void differing(const Manifest& manifest, const std::vector<std::size_t>& rows,
               const std::function<std::string(const Entry&)>& value,
               const std::function<Finding(std::size_t row, std::size_t other)>& finding,
               std::vector<Finding>& findings) {
  std::map<std::string, std::size_t> count;
  for (const std::size_t row : rows)
    if (const std::string text = value(manifest.entries[row]); !text.empty()) ++count[text];
  if (count.size() < 2) return;
  const auto frequency = [&](std::size_t row) {
    const auto found = count.find(value(manifest.entries[row]));
    return found == count.end() ? 0 : found->second;
  };
  const std::size_t usual = *std::max_element(
      rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) { return frequency(a) < frequency(b); });
  const std::string most = value(manifest.entries[usual]);
  for (const std::size_t row : rows)
    if (const std::string text = value(manifest.entries[row]); !text.empty() && text != most)
      findings.push_back(finding(row, usual));
}

void check_ages_of(const Manifest& manifest, const std::string& who, const std::vector<std::size_t>& rows,
                   std::vector<Finding>& findings) {
  constexpr double most_years = 15;
  std::vector<std::pair<double, std::size_t>> ages;
  for (const std::size_t row : rows)
    if (const auto age = possible_age(manifest.entries[row].age)) ages.emplace_back(*age, row);
  if (ages.empty()) return;
  const auto [young, old] = std::minmax_element(ages.begin(), ages.end());
  if (old->first - young->first > most_years)
    findings.push_back(
        pair_finding(manifest, "contradictory_row", old->second, young->second,
                     fmt::format("{} is {:g} years old here, {:g} there", who, old->first, young->first)));
}

}  // namespace

void find_repeated_rows(const Manifest& manifest, std::vector<Finding>& findings) {
  const std::vector<TextColumn> columns = text_columns(manifest);
  for (const auto& [path, rows] :
       rows_by(manifest, [&](const Entry& entry) { return manifest.image_path(entry).string(); })) {
    for (std::size_t i = 1; i < rows.size(); ++i) {
      const auto differences = disagreements(columns, rows[i], rows[0]);
      if (differences.empty())
        findings.push_back(pair_finding(manifest, "duplicate_row", rows[i], rows[0], "the picture stands in two rows"));
      else
        findings.push_back(pair_finding(manifest, "contradictory_row", rows[i], rows[0],
                                        fmt::format("the picture's rows differ: {}", fmt::join(differences, ", "))));
    }
  }
}

void find_contradicting_persons(const Manifest& manifest, std::vector<Finding>& findings) {
  // A lesion has one patient too, where the patients are not known.
  const auto person = [](const Entry& entry) {
    if (!is_unknown(entry.patient_id)) return fmt::format("patient '{}'", entry.patient_id);
    return is_unknown(entry.lesion_id) ? std::string() : fmt::format("the patient with lesion '{}'", entry.lesion_id);
  };
  for (const auto& [who, rows] : rows_by(manifest, person)) {
    const auto two_sexes = [&, &name = who](std::size_t row, std::size_t other) {
      return pair_finding(
          manifest, "contradictory_row", row, other,
          fmt::format("{} is {} here, {} there", name, manifest.entries[row].sex, manifest.entries[other].sex));
    };
    differing(manifest, rows, [](const Entry& entry) { return known_sex(entry.sex); }, two_sexes, findings);
    check_ages_of(manifest, who, rows, findings);
  }
  for (const auto& [lesion, rows] : rows_by(manifest, lesion_of)) {
    const auto two_patients = [&, &name = lesion](std::size_t row, std::size_t other) {
      return pair_finding(manifest, "contradictory_row", row, other,
                          fmt::format("lesion '{}' is of patient '{}' here, '{}' there", name,
                                      manifest.entries[row].patient_id, manifest.entries[other].patient_id));
    };
    differing(manifest, rows, patient_of, two_patients, findings);
  }
}

void find_lesions_with_two_labels(const Manifest& manifest, std::vector<Finding>& findings) {
  const auto diagnosis = [&](std::size_t row) {
    const std::string& label = manifest.entries[row].label;
    return is_unknown(label) ? std::string() : dataset::short_label(label);
  };
  for (const auto& [lesion, rows] : rows_by(manifest, lesion_of)) {
    for (const std::size_t row : rows) {
      const std::string own = diagnosis(row);
      if (own.empty()) continue;
      const auto other = std::find_if(rows.begin(), rows.end(), [&](std::size_t candidate) {
        const std::string label = diagnosis(candidate);
        return !label.empty() && label != own;
      });
      if (other != rows.end())
        findings.push_back(pair_finding(manifest, "lesion_two_labels", row, *other,
                                        fmt::format("lesion '{}' is {} here, {} there", lesion,
                                                    manifest.entries[row].label, manifest.entries[*other].label)));
    }
  }
}

}  // namespace naevus::clean
