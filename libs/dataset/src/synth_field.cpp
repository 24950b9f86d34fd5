#include "synth_field.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace naevus::dataset::synth {

float smooth_step(float low, float high, float value) {
  const float t = std::clamp((value - low) / (high - low), 0.0F, 1.0F);
  return t * t * (3 - 2 * t);
}

Field noise(int side, double cell, Random& random) {
  const int grid = std::clamp(static_cast<int>(std::ceil(2 / cell)) + 1, 2, side);
  Field coarse(grid, grid);
  each(coarse, [&](float& value, int, int) { value = static_cast<float>(random.uniform(-1, 1)); });
  Field fine;
  cv::resize(coarse, fine, {side, side}, 0, 0, cv::INTER_CUBIC);
  return fine;
}

Field fractal(int side, double cell, int octaves, Random& random) {
  Field sum = noise(side, cell, random);
  float weight = 1, total = 1;
  for (int octave = 1; octave < octaves; ++octave) {
    cell /= 2;
    weight /= 2;
    total += weight * weight;
    cv::scaleAdd(noise(side, cell, random), weight, sum, sum);
  }
  sum *= 1 / std::sqrt(total);
  return sum;
}

Cells cells(int side, double cell, double jitter, Random& random) {
  const float size = std::max(2.0F, pixels(cell, side));
  const int grid = static_cast<int>(std::ceil(static_cast<float>(side) / size)) + 5;  // bent: two cells outside
  std::vector<cv::Point2f> points(static_cast<std::size_t>(grid) * static_cast<std::size_t>(grid));
  const auto at = [&](int x, int y) -> cv::Point2f& { return points[static_cast<std::size_t>(y * grid + x)]; };
  const auto place = [&](int index) {
    return static_cast<float>(index) - 1.5F + static_cast<float>(random.uniform(-jitter, jitter) / 2);
  };
  for (int y = 0; y < grid; ++y)
    for (int x = 0; x < grid; ++x) {
      at(x, y).x = place(x);
      at(x, y).y = place(y);
    }
  Cells result{Field(side, side), Field(side, side)};
  const Field bend_x = noise(side, 3 * cell, random), bend_y = noise(side, 3 * cell, random);
  each(result.centre, [&](float& value, int x, int y) {
    const float px = static_cast<float>(x) / size + 0.5F * bend_x(y, x);
    const float py = static_cast<float>(y) / size + 0.5F * bend_y(y, x);
    const int column = static_cast<int>(px + 2), row = static_cast<int>(py + 2);
    float nearest = 1e9F, second = 1e9F;
    for (int j = row - 1; j <= row + 1; ++j)
      for (int i = column - 1; i <= column + 1; ++i) {
        const cv::Point2f& point = at(i, j);
        const float dx = point.x - px, dy = point.y - py, distance = dx * dx + dy * dy;
        second = std::min(second, std::max(nearest, distance));
        nearest = std::min(nearest, distance);
      }
    value = std::sqrt(nearest);
    result.border(y, x) = std::sqrt(second) - value;
  });
  return result;
}

void draw_ellipse(Field& field, const Ellipse& ellipse, float strength) {
  const float reach = std::max(ellipse.radius_x, ellipse.radius_y) * (1 + ellipse.softness) + 1;
  const int left = std::max(0, static_cast<int>(ellipse.x - reach));
  const int right = std::min(field.cols - 1, static_cast<int>(ellipse.x + reach) + 1);
  const int top = std::max(0, static_cast<int>(ellipse.y - reach));
  const int bottom = std::min(field.rows - 1, static_cast<int>(ellipse.y + reach) + 1);
  const float c = std::cos(ellipse.angle), s = std::sin(ellipse.angle);
  // An edge softer than its share, but never sharper than about a pixel.
  const float edge = std::max(ellipse.softness, 0.7F / std::max(0.5F, std::min(ellipse.radius_x, ellipse.radius_y)));
  for (int y = top; y <= bottom; ++y)
    for (int x = left; x <= right; ++x) {
      const float dx = static_cast<float>(x) - ellipse.x, dy = static_cast<float>(y) - ellipse.y;
      const float u = (dx * c + dy * s) / ellipse.radius_x, v = (dy * c - dx * s) / ellipse.radius_y;
      const float value = strength * (1 - smooth_step(1 - edge, 1 + edge, std::sqrt(u * u + v * v)));
      field(y, x) = std::max(field(y, x), value);
    }
}

namespace {

void draw_segment(Field& field, cv::Point2f from, cv::Point2f to, std::array<float, 2> width, float strength) {
  const float reach = std::max(width[0], width[1]) / 2 + 1;
  const int left = std::max(0, static_cast<int>(std::min(from.x, to.x) - reach));
  const int right = std::min(field.cols - 1, static_cast<int>(std::max(from.x, to.x) + reach) + 1);
  const int top = std::max(0, static_cast<int>(std::min(from.y, to.y) - reach));
  const int bottom = std::min(field.rows - 1, static_cast<int>(std::max(from.y, to.y) + reach) + 1);
  const cv::Point2f along = to - from;
  const float length = std::max(1e-6F, along.dot(along));
  for (int y = top; y <= bottom; ++y)
    for (int x = left; x <= right; ++x) {
      const cv::Point2f here(static_cast<float>(x), static_cast<float>(y));
      const float t = std::clamp((here - from).dot(along) / length, 0.0F, 1.0F);
      const cv::Point2f off = here - from - t * along;
      const float wide = width[0] + t * (width[1] - width[0]);
      // A line thinner than a pixel covers a part of it.
      const float cover =
          std::min(1.0F, wide) * std::clamp(std::max(wide, 1.0F) / 2 + 0.5F - std::sqrt(off.dot(off)), 0.0F, 1.0F);
      field(y, x) = std::max(field(y, x), cover * strength);
    }
}

}  // namespace

void draw_stroke(Field& field, std::span<const cv::Point2f> points, float begin, float end, float strength) {
  const auto count = static_cast<float>(points.size());
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    const auto width = [&](std::size_t index) { return begin + (end - begin) * static_cast<float>(index) / count; };
    draw_segment(field, points[i], points[i + 1], {width(i), width(i + 1)}, strength);
  }
}

std::vector<cv::Point2f> wander(const Wander& path, Random& random) {
  std::vector<cv::Point2f> points{path.start};
  float direction = path.direction;
  for (int i = 0; i < path.steps; ++i) {
    direction += static_cast<float>(random.uniform(-path.turn, path.turn));
    points.push_back(points.back() + path.step * cv::Point2f(std::cos(direction), std::sin(direction)));
  }
  return points;
}

}  // namespace naevus::dataset::synth
