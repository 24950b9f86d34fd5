#include <algorithm>
#include <cmath>
#include <numbers>

#include "naevus/base/error.hpp"
#include "naevus/image/prepare.hpp"
#include "view.hpp"

namespace naevus::image {
namespace {

// Four floats: one pixel's red, green, blue and a spare lane. GCC and Clang make vector instructions of it.
using Pixel = float __attribute__((vector_size(16)));

/// The weighted inputs of each output along one axis.
struct Taps {
  std::vector<int> first;      ///< index of the first input, per output
  std::vector<int> count;      ///< number of inputs, per output
  std::vector<float> weights;  ///< `most` per output
  int most = 0;

  const float* of(int i) const { return weights.data() + static_cast<std::ptrdiff_t>(i) * most; }
};

/// What an input counts for by its distance from the output's centre, before the normalisation; 0 beyond support().
class Kernel {
 public:
  Kernel(Filter filter, double scale) : filter_(filter), scale_(scale), stretch_(std::max(scale, 1.0)) {}

  double support() const {
    switch (filter_) {
      case Filter::area:
        return (scale_ + 1) / 2;
      case Filter::lanczos:
        return lobes * stretch_;
      case Filter::triangle:
        break;
    }
    return stretch_;
  }
  double weight(double distance) const {
    switch (filter_) {
      case Filter::area:
        return std::min({scale_, 1.0, support() - distance});
      case Filter::lanczos:
        return sinc(distance / stretch_) * sinc(distance / stretch_ / lobes);
      case Filter::triangle:
        break;
    }
    return 1 - distance / stretch_;
  }

 private:
  static constexpr int lobes = 3;
  static double sinc(double x) { return x == 0 ? 1 : std::sin(std::numbers::pi * x) / (std::numbers::pi * x); }

  Filter filter_;
  double scale_, stretch_;
};

Taps make_taps(int n, int m, Filter filter) {
  const double scale = static_cast<double>(n) / m;
  const Kernel kernel(filter, scale);
  const double support = kernel.support();
  Taps taps;
  taps.most = static_cast<int>(std::ceil(2 * support)) + 1;
  taps.weights.resize(static_cast<std::size_t>(m) * static_cast<std::size_t>(taps.most));
  std::vector<double> weights(static_cast<std::size_t>(taps.most));
  for (int i = 0; i < m; ++i) {
    const double centre = (i + 0.5) * scale;
    int first = -1, count = 0;
    double sum = 0;
    const int begin = std::max(0, static_cast<int>(std::floor(centre - support - 0.5)));
    for (int j = begin; j < n && j + 0.5 < centre + support; ++j) {
      const double distance = std::abs(j + 0.5 - centre);
      if (distance >= support) continue;
      if (first < 0) first = j;
      const double weight = kernel.weight(distance);
      weights[static_cast<std::size_t>(count++)] = weight;
      sum += weight;
    }
    taps.first.push_back(first);
    taps.count.push_back(count);
    float* out = taps.weights.data() + static_cast<std::ptrdiff_t>(i) * taps.most;
    for (int k = 0; k < count; ++k) out[k] = static_cast<float>(weights[static_cast<std::size_t>(k)] / sum);
  }
  return taps;
}

/// One row of bytes as pixels of floats.
void widen(const std::uint8_t* row, int width, Pixel* out) {
  for (int x = 0; x < width; ++x, row += 3)
    out[x] = Pixel{static_cast<float>(row[0]), static_cast<float>(row[1]), static_cast<float>(row[2]), 0};
}

void filter_row(const Pixel* row, const Taps& taps, Pixel* out) {
  for (std::size_t i = 0; i < taps.first.size(); ++i) {
    const Pixel* from = row + taps.first[i];
    const float* weight = taps.of(static_cast<int>(i));
    Pixel sum{};
    for (int k = 0; k < taps.count[i]; ++k) sum += weight[k] * from[k];
    out[i] = sum;
  }
}

void accumulate(const Pixel* row, float weight, std::size_t count, Pixel* sum) {
  for (std::size_t x = 0; x < count; ++x) sum[x] += weight * row[x];
}

void round_row(const Pixel* row, std::size_t count, std::uint8_t* out) {
  constexpr Pixel least{}, most{255, 255, 255, 255}, half{0.5F, 0.5F, 0.5F, 0.5F};
  for (std::size_t x = 0; x < count; ++x, out += 3) {
    Pixel rounded = row[x] + half;
    rounded = rounded < least ? least : rounded;
    rounded = rounded > most ? most : rounded;
    for (int c = 0; c < 3; ++c) out[c] = static_cast<std::uint8_t>(rounded[c]);
  }
}

Image copy_of(const View& view) {
  Image out(view.width, view.height);
  for (int y = 0; y < view.height; ++y)
    std::copy_n(view.image->at(view.left, view.top + y), 3 * static_cast<std::size_t>(view.width), out.at(0, y));
  return out;
}

}  // namespace

Image resize(const View& view, int width, int height, Filter filter) {
  if (width <= 0 || height <= 0) throw UsageError("a picture can't be resized to no pixels");
  if (view.width <= 0 || view.height <= 0) throw InputError("the picture has no pixels");
  if (width == view.width && height == view.height) return copy_of(view);  // every weight is 1 or 0
  const Taps across = make_taps(view.width, width, filter), down = make_taps(view.height, height, filter);
  const auto columns = static_cast<std::size_t>(width);

  // Rows that were filtered across, kept in a ring as long as the widest support down.
  const auto ring_size = static_cast<std::size_t>(down.most);
  std::vector<Pixel> ring(ring_size * columns), wide(static_cast<std::size_t>(view.width)), sum(columns);
  const auto slot = [&](int y) { return ring.data() + static_cast<std::size_t>(y) % ring_size * columns; };

  Image out(width, height);
  int ready = 0;
  for (int i = 0; i < height; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const int first = down.first[at], end = first + down.count[at];
    for (ready = std::max(ready, first); ready < end; ++ready) {
      widen(view.image->at(view.left, view.top + ready), view.width, wide.data());
      filter_row(wide.data(), across, slot(ready));
    }
    std::ranges::fill(sum, Pixel{});
    for (int k = 0; k < down.count[at]; ++k) accumulate(slot(first + k), down.of(i)[k], columns, sum.data());
    round_row(sum.data(), columns, out.at(0, i));
  }
  return out;
}

Image resize(const Image& image, int width, int height, Filter filter) {
  return resize(whole_of(image), width, height, filter);
}

}  // namespace naevus::image
