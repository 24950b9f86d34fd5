#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "naevus/clean/finding.hpp"
#include "naevus/dataset/manifest.hpp"

namespace naevus::clean {

/// What a manifest says of its pictures, and can't be or contradicts itself. Kinds, and their scores:
///
/// - missing_value: a row without label, lesion_id, patient_id, age, sex, site or source where others have one; one
///   finding without image for the column where more than half the rows have none. Share of the rows that have one.
/// - impossible_value: an age that is no number or outside [0, 120]; a sex or site that is none; text in a column of
///   numbers. 1, or the likeness of what was probably meant.
/// - unknown_label: a label that is nearly another one, another spelling of one, a diagnosis that is not known among
///   such that are, or that one picture alone has. Likewise.
/// - duplicate_row: a later row of a picture that says nothing else. 1.
/// - contradictory_row: a row that contradicts another of the same picture; of the same patient (or lesion) by sex, or
///   by more than 15 years; of the same lesion by its patient. 1.
/// - lesion_two_labels: a row whose lesion carries another diagnosis elsewhere. 1.
/// - outlier: a number with |robust z| above 3.5 in a column of numbers; one finding for the column where more than 2 %
///   and more than 10 are. That |z|.
///
/// "", "unknown", "unk", "na", "n/a", "nan", "none", "null", "-" and "?" are values that are not known. Spellings of
/// one diagnosis (dataset::short_label) are one diagnosis.
/// @returns by kind, then by row
std::vector<Finding> metadata_findings(const dataset::Manifest& manifest);

/// A column of numbers.
struct NumberSummary {
  double minimum = 0, median = 0, maximum = 0;
};

/// One column of a manifest.
struct ColumnSummary {
  std::string name;
  std::size_t rows = 0;
  std::size_t filled = 0;               ///< rows whose value is known
  std::size_t distinct = 0;             ///< different known values
  std::optional<NumberSummary> number;  ///< where nine in ten known values are numbers
  /// The most frequent known values with their rows, by falling number, ten at most.
  std::vector<std::pair<std::string, std::size_t>> top;
};

/// All columns but `image` in which some row has a value.
std::vector<ColumnSummary> metadata_summary(const dataset::Manifest& manifest);

}  // namespace naevus::clean
