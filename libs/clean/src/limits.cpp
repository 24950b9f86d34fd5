#include "naevus/clean/limits.hpp"

#include <algorithm>

namespace naevus::clean {
namespace {

constexpr image::QualityLimits fixed;

double overexposure(const Measurement& m) {
  return std::max(m.measures.quality.luma_5 / fixed.most_luma_5,
                  m.measures.quality.clipped_bright / fixed.most_clipped_bright);
}

/// A small lesion on plain skin may be told from it well, though nearly all of the picture is alike.
double contrast(const Measurement& m) {
  const image::Quality& quality = m.measures.quality;
  return quality.lesion.found ? std::max(quality.contrast, quality.lesion.contrast) : quality.contrast;
}

/// The lesion's share of the picture. Without a lesion there is none that could be tiny.
double lesion_area(const Measurement& m) {
  return m.measures.quality.lesion.found ? m.measures.quality.lesion.area : 1;
}

}  // namespace

const std::vector<Limit>& limits() {
  static const std::vector<Limit> list{
      {"blurred", "sharpness, 0 to 1", true, fixed.least_sharpness, fixed.least_sharpness,
       [](const Measurement& m) { return m.measures.quality.sharpness; }},
      {"dark", "brightness of the lightest twentieth, 0 to 1", true, fixed.least_luma_95, fixed.least_luma_95 + 0.1,
       [](const Measurement& m) { return m.measures.quality.luma_95; }},
      {"overexposed", "brightness of the darkest twentieth and share of white, 1 at what is too much", false, 1, 0.85,
       overexposure},
      {"low_contrast", "difference of light and dark, or of lesion and skin, 0 to 1", true, fixed.least_contrast,
       fixed.least_contrast, contrast},
      {"low_information", "entropy of the brightness in bits, 0 to 8", true, fixed.least_entropy, fixed.least_entropy,
       [](const Measurement& m) { return m.measures.quality.entropy; }},
      {"tiny_lesion", "the lesion's share of the picture, 0 to 1", true, fixed.least_lesion_area,
       fixed.least_lesion_area, lesion_area},
      {"compression", "how far the grid of JPEG's blocks stands out, 0: not at all", false, fixed.most_blockiness,
       fixed.most_blockiness, [](const Measurement& m) { return m.measures.quality.blockiness; }},
  };
  return list;
}

bool has_limit(const std::string& kind) {
  return std::any_of(limits().begin(), limits().end(), [&](const Limit& limit) { return limit.kind == kind; });
}

}  // namespace naevus::clean
