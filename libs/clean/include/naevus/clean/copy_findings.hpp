#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "naevus/clean/finding.hpp"
#include "naevus/dataset/manifest.hpp"

namespace naevus::clean {

/// Two rows that show the same photograph.
struct Copy {
  std::size_t a = 0, b = 0;  ///< rows of the manifest; b of `against` if `outside`
  bool exact = false;        ///< same bytes or same pixels
  bool outside = false;
  double score = 1;      ///< correlation of the aligned pictures
  std::string evidence;  ///< "the same bytes", "correlation 0.98, quarter turn, cropped to 92 %"
};

struct CopyFindings {
  std::vector<Finding> findings;   ///< exact_copy, near_copy, leak and contradictory_label
  std::vector<std::size_t> group;  ///< per row: its group's number, from 0 in the order of first rows
  std::size_t groups = 0;          ///< of two or more rows
};

/// What follows from copies. Of each pair in one part the later row is the one to drop; of a leak the row of the part
/// that is spared least (test before validation before train); of a contradictory group every row.
/// @param copies   each pair once, a < b within the manifest
/// @param against  another manifest, whose pictures must not be in this one; may be empty
CopyFindings copy_findings(const dataset::Manifest& manifest, const std::vector<Copy>& copies,
                           const dataset::Manifest& against);

/// The name of the column that `naevus split` keeps together.
inline constexpr const char* copy_group_column = "copy_group";

/// Gives rows that are exact or near copies of each other the same copy_group, in a column that is added where there
/// are any; what stood in it is replaced.
void add_copy_groups(dataset::Manifest& manifest, const std::vector<Finding>& findings);

}  // namespace naevus::clean
