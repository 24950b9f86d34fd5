#pragma once
#include <string_view>
#include <vector>

#include "naevus/image/quality.hpp"

namespace naevus::image {

/// What is wrong with a picture, and what its maker can do.
struct QualityFinding {
  const char* code;   ///< for programs: "blurred"
  const char* words;  ///< for a person: "too blurred: hold the camera still and focus on the lesion"
};

std::vector<QualityFinding> quality_findings(const Quality& quality, const QualityLimits& limits = {});

/// The words of a finding's code; empty for a code that there is not.
const char* quality_words(std::string_view code);

}  // namespace naevus::image
