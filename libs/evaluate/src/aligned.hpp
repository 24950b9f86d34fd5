#pragma once
#include <string>
#include <vector>

namespace naevus::evaluate {

/// A table for a terminal: columns as wide as their widest cell, the first at the left, the others at the right; the
/// first row, the titles, dim.
/// @param rows  not empty, all of one length
std::string aligned(const std::vector<std::vector<std::string>>& rows);

}  // namespace naevus::evaluate
