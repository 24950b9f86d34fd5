#pragma once
#include <vector>

#include "naevus/evaluate/compare.hpp"

namespace naevus::evaluate {

/// Brings two answers to the same cases in the first's order and the same order of classes; what only one of them, or
/// none, can score is left out.
/// @throws as compare
std::vector<LeftOut> match_cases(Predictions& first, Predictions& second);

}  // namespace naevus::evaluate
