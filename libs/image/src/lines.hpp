#pragma once
#include "components.hpp"
#include "planes.hpp"

namespace naevus::image {

/// Thin dark structures of planes.detail: what closing with a short line fills (DullRazor's first step; Lee et al.
/// 1997), for upright structures (closed along the rows) and for lying ones (closed along the columns).
struct DarkLines {
  cv::Mat upright, lying;  ///< 8 bit, grey levels below the surroundings
};

DarkLines dark_lines_of(const cv::Mat& luma);

/// In [0, 1): 0.5 where value equals threshold, rising with it.
inline double score_of(double value, double threshold) {
  return value <= 0 ? 0 : value / (value + threshold);
}

/// @param lesion    its mask at a quarter of the lines' size
/// @param surround  the black surround at a quarter of the size; may be empty
double hair_score(const DarkLines& lines, const cv::Mat& lesion, const cv::Mat& surround);
double ruler_score(const DarkLines& lines, const cv::Mat& lesion);

}  // namespace naevus::image
