#pragma once
#include <string>
#include <vector>

#include "naevus/evaluate/compare.hpp"

/// How a comparison reads in a terminal and on a page.
namespace naevus::evaluate::words {

/// "sensitivity of mel".
std::string name(const ComparedScore& score);
/// "+0.021", or "–".
std::string difference(const ComparedScore& score);
/// "0.012", "< 0.001", or "–".
std::string p_value(const std::optional<double>& value);
/// "1,196 pictures of the part 'test', compared one by one; 3 left out".
std::string compared_cases(const Comparison& comparison);
/// How far the two agree.
std::string agreement(const Comparison& comparison);

}  // namespace naevus::evaluate::words
