#pragma once
#include <string>

namespace naevus::dataset {

/// Room for probabilities that were written with four decimals.
constexpr double sum_tolerance = 1e-3;

/// @throws InputError naming place and column if the text is no number from 0 to 1
double probability_cell(const std::string& text, const std::string& column, const std::string& where);

}  // namespace naevus::dataset
