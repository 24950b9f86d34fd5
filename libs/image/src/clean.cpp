#include "clean.hpp"

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/photo.hpp>

#include "one_thread.hpp"

namespace naevus::image {
namespace {

cv::Mat pixels_of(Image& image) {
  return {image.height, image.width, CV_8UC3, image.pixels.data()};
}

/// cv::fastNlMeansDenoisingColored takes blue first; which of the two ends is which matters to its Lab.
void non_local_means(const cv::Mat& source, cv::Mat& target) {
  constexpr float strength = 3;
  constexpr int patch = 7, window = 21;
  cv::Mat bgr;
  cv::cvtColor(source, bgr, cv::COLOR_RGB2BGR);
  cv::Mat smooth;
  cv::fastNlMeansDenoisingColored(bgr, smooth, strength, strength, patch, window);
  cv::cvtColor(smooth, target, cv::COLOR_BGR2RGB);
}

}  // namespace

Image denoised(Image image, Denoise how) {
  if (how == Denoise::none) return image;
  keep_opencv_on_one_thread();
  const cv::Mat source = pixels_of(image);
  Image out(image.width, image.height);
  cv::Mat target = pixels_of(out);
  if (how == Denoise::median) {
    cv::medianBlur(source, target, 3);
  } else if (how == Denoise::bilateral) {
    constexpr int wide = 9;
    constexpr double levels = 25, pixels = 2;
    cv::bilateralFilter(source, target, wide, levels, pixels, cv::BORDER_REFLECT_101);
  } else {
    non_local_means(source, target);
  }
  return out;
}

Image with_contrast(Image image, Contrast how) {
  if (how == Contrast::none) return image;
  keep_opencv_on_one_thread();
  constexpr double clip_limit = 2;
  constexpr int tiles = 8;
  cv::Mat pixels = pixels_of(image), lab, lightness;
  cv::cvtColor(pixels, lab, cv::COLOR_RGB2Lab);
  cv::extractChannel(lab, lightness, 0);
  cv::createCLAHE(clip_limit, {tiles, tiles})->apply(lightness, lightness);
  cv::insertChannel(lightness, lab, 0);
  cv::cvtColor(lab, pixels, cv::COLOR_Lab2RGB);
  return image;
}

}  // namespace naevus::image
