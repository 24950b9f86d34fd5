#pragma once
#include <opencv2/core.hpp>

#include "naevus/base/random.hpp"

/// The corruptions by family. All take and give RGB in 0..1 as CV_32FC3; level is the severity less 1.
namespace naevus::image::corruption {

cv::Mat gaussian_noise(const cv::Mat& picture, int level, Random& random);
cv::Mat shot_noise(const cv::Mat& picture, int level, Random& random);
cv::Mat impulse_noise(const cv::Mat& picture, int level, Random& random);

cv::Mat defocus_blur(const cv::Mat& picture, int level);
cv::Mat glass_blur(const cv::Mat& picture, int level, Random& random);
cv::Mat motion_blur(const cv::Mat& picture, int level, Random& random);
cv::Mat zoom_blur(const cv::Mat& picture, int level);

cv::Mat snow(const cv::Mat& picture, int level, Random& random);
cv::Mat frost(const cv::Mat& picture, int level, Random& random);
cv::Mat fog(const cv::Mat& picture, int level, Random& random);

cv::Mat brightness(const cv::Mat& picture, int level);
cv::Mat contrast(const cv::Mat& picture, int level);
cv::Mat elastic_transform(const cv::Mat& picture, int level, Random& random);

/// Gaussian of a standard deviation in pixels for each axis, cut off at `cut` of them.
cv::Mat gaussian(const cv::Mat& picture, double sigma_x, double sigma_y, double cut, int border);

/// The mean of shifts along a line, the weights half a Gaussian; what is shifted in repeats the edge.
struct Motion {
  int radius;
  double sigma, degrees;
};
cv::Mat moved(const cv::Mat& picture, const Motion& motion);

/// The middle of the picture, enlarged linearly to its size, corners upon corners.
cv::Mat zoomed(const cv::Mat& picture, double factor);

/// A square map of heights in 0..1 by the diamond-square algorithm (Fournier, Fussell & Carpenter 1982), without seams.
/// @param side   a power of two
/// @param decay  what the steps' height is divided by where their width is halved
cv::Mat plasma(int side, double decay, Random& random);

}  // namespace naevus::image::corruption
