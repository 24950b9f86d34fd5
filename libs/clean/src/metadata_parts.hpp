#pragma once
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "naevus/base/text.hpp"
#include "naevus/dataset/manifest.hpp"
#include "row_finding.hpp"

/// The checks that metadata_findings puts together; each appends what it finds, by rising row.
namespace naevus::clean {

/// Whether the text says that the value is not known.
bool is_unknown(const std::string& text);

/// The finite number that the whole text is, spaces around it aside.
std::optional<double> number_from(const std::string& text);

constexpr double oldest_age = 120;
/// A number of years from 0 to oldest_age.
std::optional<double> possible_age(const std::string& text);

/// "female" for "F"; empty where the text is no sex.
std::string known_sex(const std::string& text);

/// A column with the text of every row.
struct TextColumn {
  std::string name;
  std::vector<std::string> value;  ///< shape [entries]

  std::size_t filled() const;  ///< rows whose value is known
  /// Whether nine in ten known values are numbers, and there are some.
  bool is_numeric() const;
};

/// Every column but `image`, in the manifest's order.
std::vector<TextColumn> text_columns(const dataset::Manifest& manifest);

/// How often each folded known value occurs.
std::map<std::string, std::size_t> folded_counts(const std::vector<std::string>& values);

/// How alike two words are: 1 - edits / the longer's length.
double likeness(const std::string& a, const std::string& b);
/// Whether so few edits part two words that one is probably meant for the other.
bool nearly_equal(const std::string& a, const std::string& b);

void find_missing_values(const dataset::Manifest& manifest, std::vector<Finding>& findings);
void find_impossible_values(const dataset::Manifest& manifest, std::vector<Finding>& findings);
void find_unknown_labels(const dataset::Manifest& manifest, std::vector<Finding>& findings);
void find_repeated_rows(const dataset::Manifest& manifest, std::vector<Finding>& findings);
void find_contradicting_persons(const dataset::Manifest& manifest, std::vector<Finding>& findings);
void find_lesions_with_two_labels(const dataset::Manifest& manifest, std::vector<Finding>& findings);
void find_outliers(const dataset::Manifest& manifest, std::vector<Finding>& findings);

}  // namespace naevus::clean
