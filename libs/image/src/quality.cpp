#include "naevus/image/quality.hpp"

#include <array>
#include <cmath>
#include <cstdint>

#include "blockiness.hpp"
#include "shared.hpp"
#include "sharpness.hpp"

namespace naevus::image {
namespace {

constexpr std::size_t dark_limit = 4, bright_limit = 251;

/// Every second pixel of every second row of detail, inside the field of view.
struct Luma {
  std::array<int, 256> count{};
  int total = 0;

  Luma(const cv::Mat& detail, const cv::Mat& surround) {
    for (int y = 0; y < detail.rows; y += 2) {
      const std::uint8_t* row = detail.ptr(y);
      const std::uint8_t* outside = surround.empty() ? nullptr : surround.ptr(std::min(y / 4, surround.rows - 1));
      for (int x = 0; x < detail.cols; x += 2) {
        if (outside != nullptr && outside[std::min(x / 4, surround.cols - 1)] != 0) continue;
        ++count[row[x]];
        ++total;
      }
    }
  }

  /// In [0, 1].
  double quantile(double share) const {
    int seen = 0;
    for (std::size_t v = 0; v < count.size(); ++v) {
      seen += count[v];
      if (seen > share * total) return static_cast<double>(v) / 255;
    }
    return 1;
  }

  double share(std::size_t first, std::size_t last) const {
    int sum = 0;
    for (std::size_t v = first; v <= last; ++v) sum += count[v];
    return static_cast<double>(sum) / total;
  }

  double entropy() const {
    double sum = 0;
    for (const int n : count) {
      if (n > 0) sum += n * std::log2(static_cast<double>(total) / n);
    }
    return sum / total;
  }
};

}  // namespace

Quality measure_quality(const Image& image, const Planes& planes, const Field& field, const Lesion& lesion) {
  Luma luma(planes.detail, field.surround);
  // A picture that is all surround is judged as it is.
  if (luma.total == 0) luma = Luma(planes.detail, {});
  Quality quality{.sharpness = sharpness_of(planes.detail, field.surround),
                  .luma_5 = luma.quantile(0.05),
                  .luma_50 = luma.quantile(0.5),
                  .luma_95 = luma.quantile(0.95),
                  .clipped_dark = luma.share(0, dark_limit - 1),
                  .clipped_bright = luma.share(bright_limit + 1, 255),
                  .entropy = luma.entropy(),
                  .blockiness = blockiness_of(image, planes),
                  .lesion = lesion};
  quality.contrast = quality.luma_95 - quality.luma_5;
  return quality;
}

Quality measure_quality(const Image& image) {
  const Planes planes = planes_of(image);
  return measure_quality(image, planes, field_of(planes), segment(planes).lesion);
}

}  // namespace naevus::image
