// Values that are missing, can't be, or lie far from all others.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <span>

#include "metadata_parts.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/base/text.hpp"
#include "naevus/metrics/robust.hpp"

namespace naevus::clean {
namespace {

using dataset::Entry;
using dataset::Manifest;

/// Sites as HAM10000 and the ISIC archive name them.
const std::set<std::string>& known_sites() {
  static const std::set<std::string> sites = {"abdomen",
                                              "acral",
                                              "anterior torso",
                                              "back",
                                              "chest",
                                              "ear",
                                              "face",
                                              "foot",
                                              "genital",
                                              "hand",
                                              "head/neck",
                                              "lateral torso",
                                              "leg",
                                              "lower extremity",
                                              "neck",
                                              "oral/genital",
                                              "palms/soles",
                                              "posterior torso",
                                              "scalp",
                                              "trunk",
                                              "upper extremity",
                                              "arm",
                                              "torso"};
  return sites;
}

/// ", probably 'back'" for the nearest word, if it is near, and how near that is.
std::pair<std::string, double> suggestion(const std::string& value, std::span<const std::string> words) {
  if (words.empty()) return {"", 1};
  const std::string& nearest = nearest_word(value, words);
  if (!nearly_equal(value, nearest)) return {"", 1};
  return {fmt::format(", probably '{}'", nearest), likeness(value, nearest)};
}

void check_ages(const Manifest& manifest, std::vector<Finding>& findings) {
  for (std::size_t row = 0; row < manifest.entries.size(); ++row) {
    const std::string& text = manifest.entries[row].age;
    if (is_unknown(text)) continue;
    if (possible_age(text)) continue;
    if (!number_from(text))
      findings.push_back(row_finding(manifest, "impossible_value", row, 1, fmt::format("age '{}' is no number", text)));
    else
      findings.push_back(row_finding(manifest, "impossible_value", row, 1,
                                     fmt::format("age {} is not between 0 and {}", text, oldest_age)));
  }
}

void check_sexes(const Manifest& manifest, std::vector<Finding>& findings) {
  const std::vector<std::string> words{"female", "male", "unknown"};
  for (std::size_t row = 0; row < manifest.entries.size(); ++row) {
    const std::string& text = manifest.entries[row].sex;
    if (is_unknown(text) || !known_sex(text).empty()) continue;
    const auto [meant, likeness] = suggestion(folded(text), words);
    findings.push_back(row_finding(manifest, "impossible_value", row, likeness,
                                   fmt::format("sex '{}' is neither female nor male nor unknown{}", text, meant)));
  }
}

/// Sites that are neither usual nor frequent in this set, which may use words of its own.
void check_sites(const Manifest& manifest, std::vector<Finding>& findings) {
  std::vector<std::string> sites;
  sites.reserve(manifest.entries.size());
  for (const Entry& entry : manifest.entries) sites.push_back(entry.site);
  const auto count = folded_counts(sites);
  std::size_t filled = 0, usual = 0;
  for (const auto& [site, n] : count) {
    filled += n;
    if (known_sites().contains(site)) usual += n;
  }
  const std::size_t rare = std::max<std::size_t>(2, filled / 100);
  std::vector<std::string> words(known_sites().begin(), known_sites().end());
  for (const auto& [site, n] : count)
    if (n > rare && !known_sites().contains(site)) words.push_back(site);
  for (std::size_t row = 0; row < sites.size(); ++row) {
    const std::string site = folded(sites[row]);
    if (is_unknown(sites[row]) || std::find(words.begin(), words.end(), site) != words.end()) continue;
    const auto [meant, likeness] = suggestion(site, words);
    if (meant.empty() && 10 * usual < 9 * filled) continue;
    findings.push_back(row_finding(manifest, "impossible_value", row, likeness,
                                   fmt::format("site '{}' is not a known site{}", sites[row], meant)));
  }
}

/// Text where nearly all rows have a number.
void check_numbers(const Manifest& manifest, const TextColumn& column, std::vector<Finding>& findings) {
  for (std::size_t row = 0; row < column.value.size(); ++row)
    if (!is_unknown(column.value[row]) && !number_from(column.value[row]))
      findings.push_back(
          row_finding(manifest, "impossible_value", row, 1,
                      fmt::format("{} '{}' is no number, as nearly all others are", column.name, column.value[row])));
}

/// The rows of a column that count for its outliers, with their numbers.
struct Numbers {
  std::vector<std::size_t> row;
  std::vector<double> value;
};

Numbers numbers_of(const TextColumn& column) {
  Numbers numbers;
  for (std::size_t row = 0; row < column.value.size(); ++row) {
    const std::string& text = column.value[row];
    const auto value = column.name == "age" ? possible_age(text) : number_from(text);
    if (!value) continue;
    numbers.row.push_back(row);
    numbers.value.push_back(*value);
  }
  return numbers;
}

void find_outliers_of(const Manifest& manifest, const TextColumn& column, std::vector<Finding>& findings) {
  constexpr double limit = 3.5;               // Iglewicz & Hoaglin 1993
  constexpr std::size_t least_distinct = 10;  // fewer are codes (0 and 1), not measurements
  const Numbers numbers = numbers_of(column);
  if (std::set<double>(numbers.value.begin(), numbers.value.end()).size() < least_distinct) return;
  const double middle = metrics::median(numbers.value);
  const std::vector<double> z = metrics::robust_z(numbers.value);
  std::vector<Finding> found;
  double largest = 0;
  for (std::size_t i = 0; i < z.size(); ++i) {
    if (std::abs(z[i]) <= limit) continue;
    largest = std::max(largest, std::abs(z[i]));
    found.push_back(row_finding(manifest, "outlier", numbers.row[i], std::abs(z[i]),
                                fmt::format("{} {} lies {:.1f} robust standard deviations from the median {:g}",
                                            column.name, column.value[numbers.row[i]], std::abs(z[i]), middle)));
  }
  if (found.size() > 10 && 50 * found.size() > z.size())
    found = {
        {.kind = "outlier",
         .image = {},
         .other = {},
         .score = largest,
         .evidence = fmt::format("{} of {} values of {} lie far from the median {:g}: a skewed column, or one with "
                                 "two meanings",
                                 grouped(found.size()), grouped(z.size()), column.name, middle)}};
  findings.insert(findings.end(), found.begin(), found.end());
}

}  // namespace

void find_missing_values(const Manifest& manifest, std::vector<Finding>& findings) {
  const std::size_t rows = manifest.entries.size();
  for (const TextColumn& column : text_columns(manifest)) {
    static const std::set<std::string> expected = {"label", "lesion_id", "patient_id", "age", "sex", "site", "source"};
    const std::size_t filled = column.filled();
    if (!expected.contains(column.name) || filled == rows || (filled == 0 && column.name != "label")) continue;
    const double share = static_cast<double>(filled) / static_cast<double>(rows);
    if (2 * filled < rows) {
      findings.push_back(
          {.kind = "missing_value",
           .image = {},
           .other = {},
           .score = share,
           .evidence = fmt::format("{} of {} rows have no {}", grouped(rows - filled), grouped(rows), column.name)});
      continue;
    }
    for (std::size_t row = 0; row < rows; ++row)
      if (is_unknown(column.value[row]))
        findings.push_back(
            row_finding(manifest, "missing_value", row, share,
                        fmt::format("no {}, which {:.1f} % of the rows have", column.name, 100 * share)));
  }
}

void find_impossible_values(const Manifest& manifest, std::vector<Finding>& findings) {
  check_ages(manifest, findings);
  check_sexes(manifest, findings);
  check_sites(manifest, findings);
  const std::vector<TextColumn> columns = text_columns(manifest);
  for (const TextColumn& column : columns) {
    const auto& others = manifest.other_columns;
    if (std::find(others.begin(), others.end(), column.name) != others.end() && column.is_numeric())
      check_numbers(manifest, column, findings);
  }
}

void find_outliers(const Manifest& manifest, std::vector<Finding>& findings) {
  const auto& others = manifest.other_columns;
  for (const TextColumn& column : text_columns(manifest)) {
    const bool measured = column.name == "age" || std::find(others.begin(), others.end(), column.name) != others.end();
    if (measured && column.is_numeric()) find_outliers_of(manifest, column, findings);
  }
}

}  // namespace naevus::clean
