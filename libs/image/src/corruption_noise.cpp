#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "corruption_parts.hpp"

namespace naevus::image::corruption {
namespace {

/// Calls change(value) on every value of every channel.
template <typename Change>
cv::Mat each_value(const cv::Mat& picture, const Change& change) {
  cv::Mat out = picture.clone();
  for (int y = 0; y < out.rows; ++y) {
    auto* row = out.ptr<float>(y);
    for (int k = 0; k < 3 * out.cols; ++k) row[k] = change(row[k]);
  }
  return out;
}

/// How likely a Poisson variable is at most 0, 1, 2, ...; ends where the rest can't be drawn.
std::vector<double> poisson_shares(double mean) {
  std::vector<double> share;
  double term = std::exp(-mean), sum = 0;
  for (int k = 0; sum < 1 - 1e-15 && k < 400; ++k) {
    sum += term;
    share.push_back(sum);
    term *= mean / (k + 1);
  }
  return share;
}

}  // namespace

cv::Mat gaussian_noise(const cv::Mat& picture, int level, Random& random) {
  constexpr std::array scale{0.08, 0.12, 0.18, 0.26, 0.38};
  const double sigma = scale.at(static_cast<std::size_t>(level));
  return each_value(picture, [&](float value) { return value + static_cast<float>(sigma * random.normal()); });
}

cv::Mat shot_noise(const cv::Mat& picture, int level, Random& random) {
  constexpr std::array photons{60.0, 25.0, 12.0, 5.0, 3.0};  // of a white pixel
  const double white = photons.at(static_cast<std::size_t>(level));
  std::vector<std::vector<double>> shares;
  for (int value = 0; value < 256; ++value) shares.push_back(poisson_shares(white * value / 255));
  return each_value(picture, [&](float value) {
    const std::vector<double>& share = shares[static_cast<std::size_t>(std::lround(value * 255))];
    const auto drawn = std::lower_bound(share.begin(), share.end(), random.uniform()) - share.begin();
    return static_cast<float>(static_cast<double>(drawn) / white);
  });
}

cv::Mat impulse_noise(const cv::Mat& picture, int level, Random& random) {
  constexpr std::array amounts{0.03, 0.06, 0.09, 0.17, 0.27};
  const double amount = amounts.at(static_cast<std::size_t>(level));
  return each_value(picture, [&](float value) {
    const double drawn = random.uniform();
    if (drawn >= amount) return value;
    return drawn < amount / 2 ? 1.0F : 0.0F;
  });
}

}  // namespace naevus::image::corruption
