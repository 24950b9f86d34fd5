#include "planes.hpp"

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "naevus/base/error.hpp"
#include "one_thread.hpp"

namespace naevus::image {
namespace {

constexpr int detail_side = 224;

/// Means of factor x factor blocks. A remainder at the right and the bottom is left out; a side that is shorter than
/// the factor becomes one pixel.
cv::Mat reduced(const cv::Mat& source, int factor) {
  if (factor == 1) return source;
  const cv::Size size(std::max(1, source.cols / factor), std::max(1, source.rows / factor));
  const cv::Rect whole_blocks(0, 0, std::min(source.cols, size.width * factor),
                              std::min(source.rows, size.height * factor));
  cv::Mat out;
  cv::resize(source(whole_blocks), out, size, 0, 0, cv::INTER_AREA);
  return out;
}

}  // namespace

cv::Mat mat_of(const Image& image) {
  return {image.height, image.width, CV_8UC3, const_cast<std::uint8_t*>(image.pixels.data())};
}

Planes planes_of(const Image& image) {
  if (image.width <= 0 || image.height <= 0) throw InputError("the picture has no pixels");
  keep_opencv_on_one_thread();
  Planes planes;
  planes.factor = std::max(1, std::min(image.width, image.height) / detail_side);
  const cv::Mat full = reduced(mat_of(image), planes.factor);
  cv::cvtColor(full, planes.detail, cv::COLOR_RGB2GRAY);
  planes.color = reduced(full, 2);
  planes.small = reduced(planes.color, 2);
  return planes;
}

}  // namespace naevus::image
