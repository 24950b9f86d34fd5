#include "plane.hpp"

#include <algorithm>
#include <cmath>

namespace naevus::copies {
namespace {

/// For each output along one axis, the inputs that it covers and the share of the first and the last.
struct Cover {
  int first, last;  // last is included
  float first_weight, last_weight;
};

std::vector<Cover> covers(int inputs, int outputs) {
  std::vector<Cover> result;
  const double scale = static_cast<double>(inputs) / outputs;
  for (int i = 0; i < outputs; ++i) {
    const double begin = i * scale, end = std::min<double>((i + 1) * scale, inputs);
    const int first = std::min(static_cast<int>(begin), inputs - 1);
    const int last = std::clamp(static_cast<int>(std::ceil(end)) - 1, first, inputs - 1);
    const double left = first == last ? end - begin : first + 1 - begin;
    result.push_back({first, last, static_cast<float>(left), static_cast<float>(end - last)});
  }
  return result;
}

void add(const std::uint8_t* row, float weight, std::size_t count, float* sum) {
  for (std::size_t i = 0; i < count; ++i) sum[i] += weight * static_cast<float>(row[i]);
}

float grey(const float* pixel) {
  return 0.299F * pixel[0] + 0.587F * pixel[1] + 0.114F * pixel[2];
}

void mean_along(const float* grey_row, const std::vector<Cover>& across, float area, float* out) {
  for (std::size_t i = 0; i < across.size(); ++i) {
    const Cover& cover = across[i];
    float sum = cover.first_weight * grey_row[cover.first];
    for (int x = cover.first + 1; x < cover.last; ++x) sum += grey_row[x];
    if (cover.last > cover.first) sum += cover.last_weight * grey_row[cover.last];
    out[i] = sum / area;
  }
}

}  // namespace

Plane grey_plane(const image::Image& picture, int width, int height) {
  const auto across = covers(picture.width, width), down = covers(picture.height, height);
  const float area = static_cast<float>(picture.width) / static_cast<float>(width) *
                     static_cast<float>(picture.height) / static_cast<float>(height);
  const auto columns = static_cast<std::size_t>(picture.width);
  std::vector<float> sum(3 * columns), grey_row(columns);
  Plane out(width, height);
  for (int i = 0; i < height; ++i) {
    const Cover& cover = down[static_cast<std::size_t>(i)];
    std::ranges::fill(sum, 0.0F);
    add(picture.at(0, cover.first), cover.first_weight, sum.size(), sum.data());
    for (int y = cover.first + 1; y < cover.last; ++y) add(picture.at(0, y), 1, sum.size(), sum.data());
    if (cover.last > cover.first) add(picture.at(0, cover.last), cover.last_weight, sum.size(), sum.data());
    for (std::size_t x = 0; x < columns; ++x) grey_row[x] = grey(sum.data() + 3 * x);
    mean_along(grey_row.data(), across, area, out.row(i));
  }
  return out;
}

Plane turned(const Plane& plane, Symmetry symmetry) {
  const bool transposed = (symmetry & 4) != 0;
  Plane out(transposed ? plane.height : plane.width, transposed ? plane.width : plane.height);
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) {
      const Place from = place_before(symmetry, x, y, out.width, out.height);
      out.row(y)[x] = plane.row(from.y)[from.x];
    }
  }
  return out;
}

namespace {

void add_row(const float* row, int count, float sign, float* sum) {
  for (int x = 0; x < count; ++x) sum[x] += sign * row[x];
}

}  // namespace

Plane box_blurred(const Plane& plane, int radius) {
  const int w = plane.width, h = plane.height;
  Plane out(w, h);
  std::vector<float> columns(static_cast<std::size_t>(w)), prefix(static_cast<std::size_t>(w) + 1);
  for (int y = 0; y < std::min(radius, h); ++y) add_row(plane.row(y), w, 1, columns.data());
  for (int y = 0; y < h; ++y) {
    if (y + radius < h) add_row(plane.row(y + radius), w, 1, columns.data());
    if (y - radius - 1 >= 0) add_row(plane.row(y - radius - 1), w, -1, columns.data());
    for (std::size_t x = 0; x < columns.size(); ++x) prefix[x + 1] = prefix[x] + columns[x];
    const int rows = std::min(h - 1, y + radius) - std::max(0, y - radius) + 1;
    for (int x = 0; x < w; ++x) {
      const int left = std::max(0, x - radius), right = std::min(w, x + radius + 1);
      const float sum = prefix[static_cast<std::size_t>(right)] - prefix[static_cast<std::size_t>(left)];
      out.row(y)[x] = sum / static_cast<float>(rows * (right - left));
    }
  }
  return out;
}

}  // namespace naevus::copies
