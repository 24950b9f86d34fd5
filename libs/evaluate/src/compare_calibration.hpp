#pragma once
#include <cstdint>
#include <vector>

#include "naevus/evaluate/calibrate.hpp"

namespace naevus::evaluate {

/// No calibration, temperature, vector scaling and isotonic regression, each judged on pictures that did not fit it:
/// five folds that part no lesion or patient. A flexible method looks best on what fitted it, whatever it is worth.
/// Empty where there are fewer than ten lesions.
std::vector<Compared> compare_calibration(const Predictions& predictions, std::uint64_t seed);

}  // namespace naevus::evaluate
