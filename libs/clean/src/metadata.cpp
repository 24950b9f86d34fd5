#include "naevus/clean/metadata.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>

#include "metadata_parts.hpp"
#include "naevus/base/text.hpp"
#include "naevus/metrics/robust.hpp"

namespace naevus::clean {
namespace {

using dataset::Entry;
using dataset::Manifest;

struct KnownColumn {
  const char* name;
  std::string Entry::* field;
};
constexpr std::array known_columns{KnownColumn{"label", &Entry::label},
                                   KnownColumn{"lesion_id", &Entry::lesion_id},
                                   KnownColumn{"patient_id", &Entry::patient_id},
                                   KnownColumn{"age", &Entry::age},
                                   KnownColumn{"sex", &Entry::sex},
                                   KnownColumn{"site", &Entry::site},
                                   KnownColumn{"source", &Entry::source}};

/// A column's numbers, without the rows that have none.
std::vector<double> numbers(const TextColumn& column) {
  std::vector<double> values;
  for (const std::string& text : column.value)
    if (const auto value = number_from(text)) values.push_back(*value);
  return values;
}

ColumnSummary summary_of(const TextColumn& column) {
  ColumnSummary summary{.name = column.name, .rows = column.value.size(), .filled = column.filled()};
  std::map<std::string, std::size_t> count;
  for (const std::string& text : column.value)
    if (!is_unknown(text)) ++count[text];
  summary.distinct = count.size();
  if (column.is_numeric()) {
    const std::vector<double> values = numbers(column);
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    summary.number = NumberSummary{.minimum = *low, .median = metrics::median(values), .maximum = *high};
  }
  summary.top.assign(count.begin(), count.end());
  std::stable_sort(summary.top.begin(), summary.top.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  summary.top.resize(std::min<std::size_t>(summary.top.size(), 10));
  return summary;
}

}  // namespace

bool is_unknown(const std::string& text) {
  static const std::set<std::string> words = {"", "unknown", "unk", "na", "n/a", "nan", "none", "null", "?"};
  return words.contains(folded(text));  // "-" folds to nothing
}

std::optional<double> number_from(const std::string& text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string::npos) return std::nullopt;
  const char* end = text.data() + text.find_last_not_of(" \t") + 1;
  double value = 0;
  const auto [stop, error] = std::from_chars(text.data() + first, end, value);
  if (error != std::errc() || stop != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<double> possible_age(const std::string& text) {
  const auto age = number_from(text);
  return age && *age >= 0 && *age <= oldest_age ? age : std::nullopt;
}

std::string known_sex(const std::string& text) {
  static const std::map<std::string, std::string> words = {
      {"f", "female"},        {"female", "female"}, {"w", "female"},         {"woman", "female"},
      {"m", "male"},          {"male", "male"},     {"man", "male"},         {"d", "diverse"},
      {"diverse", "diverse"}, {"x", "diverse"},     {"intersex", "diverse"}, {"other", "diverse"}};
  const auto found = words.find(folded(text));
  return found == words.end() ? std::string() : found->second;
}

std::size_t TextColumn::filled() const {
  return static_cast<std::size_t>(
      std::count_if(value.begin(), value.end(), [](const std::string& text) { return !is_unknown(text); }));
}

bool TextColumn::is_numeric() const {
  const std::size_t known = filled(), number = numbers(*this).size();
  return number > 0 && 10 * number >= 9 * known;
}

std::vector<TextColumn> text_columns(const Manifest& manifest) {
  std::vector<TextColumn> columns;
  for (const KnownColumn& known : known_columns) {
    columns.push_back({.name = known.name, .value = {}});
    for (const Entry& entry : manifest.entries) columns.back().value.push_back(entry.*known.field);
  }
  columns.insert(columns.begin() + 1, TextColumn{.name = "split", .value = {}});
  for (const Entry& entry : manifest.entries) columns[1].value.push_back(to_string(entry.part));
  for (std::size_t c = 0; c < manifest.other_columns.size(); ++c) {
    columns.push_back({.name = manifest.other_columns[c], .value = {}});
    for (const Entry& entry : manifest.entries)
      columns.back().value.push_back(c < entry.other.size() ? entry.other[c] : std::string());
  }
  return columns;
}

std::map<std::string, std::size_t> folded_counts(const std::vector<std::string>& values) {
  std::map<std::string, std::size_t> count;
  for (const std::string& value : values)
    if (!is_unknown(value)) ++count[folded(value)];
  return count;
}

double likeness(const std::string& a, const std::string& b) {
  const auto longer = static_cast<double>(std::max<std::size_t>({a.size(), b.size(), 1}));
  return 1 - static_cast<double>(edit_distance(a, b)) / longer;
}

bool nearly_equal(const std::string& a, const std::string& b) {
  const std::size_t shorter = std::min(a.size(), b.size());
  // Short words differ by little without being meant for one another: "bcc" and "scc".
  const std::size_t limit = shorter < 3 ? 0 : shorter < 7 ? 1 : 2;
  return edit_distance(a, b) <= limit;
}

std::vector<Finding> metadata_findings(const Manifest& manifest) {
  std::vector<Finding> findings;
  find_missing_values(manifest, findings);
  find_impossible_values(manifest, findings);
  find_unknown_labels(manifest, findings);
  find_repeated_rows(manifest, findings);
  find_contradicting_persons(manifest, findings);
  find_lesions_with_two_labels(manifest, findings);
  find_outliers(manifest, findings);
  std::stable_sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
    return std::tie(a.kind, a.row) < std::tie(b.kind, b.row);
  });
  return findings;
}

std::vector<ColumnSummary> metadata_summary(const Manifest& manifest) {
  std::vector<ColumnSummary> summaries;
  for (const TextColumn& column : text_columns(manifest)) {
    const bool empty =
        std::all_of(column.value.begin(), column.value.end(), [](const auto& text) { return text.empty(); });
    if (!empty) summaries.push_back(summary_of(column));
  }
  return summaries;
}

}  // namespace naevus::clean
