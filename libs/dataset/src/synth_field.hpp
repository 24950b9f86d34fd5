#pragma once
#include <opencv2/core.hpp>
#include <span>
#include <vector>

#include "naevus/base/random.hpp"

/// Building blocks of the synthetic pictures: square planes of float over a canvas whose coordinates run from -1 to 1.
namespace naevus::dataset::synth {

using Field = cv::Mat_<float>;

/// Canvas coordinate to pixel and length to pixels, for a plane of that side.
inline float pixel(double coordinate, int side) {
  return static_cast<float>((coordinate + 1) / 2 * side - 0.5);
}
inline float pixels(double length, int side) {
  return static_cast<float>(length / 2 * side);
}

/// A plane of zeros.
inline Field blank(int rows, int columns) {
  return Field(rows, columns, 0.0F);
}

/// 0 below `low`, 1 above `high`, smooth between.
float smooth_step(float low, float high, float value);

/// Calls task(value, x, y) for each pixel.
template <typename Task>
void each(Field& field, Task task) {
  for (int y = 0; y < field.rows; ++y) {
    float* const row = field[y];
    for (int x = 0; x < field.cols; ++x) task(row[x], x, y);
  }
}

/// Smooth noise in about [-1, 1], with features of the size `cell` (canvas units), on a square plane.
Field noise(int side, double cell, Random& random);
/// The sum of `octaves` of noise, each half as large and half as strong as the one before; about [-1, 1].
Field fractal(int side, double cell, int octaves, Random& random);

/// Cellular noise (Worley 1996): points jittered in a grid of that cell size.
struct Cells {
  Field centre;  ///< distance to the nearest point, in cells: 0 at the point
  Field border;  ///< second nearest distance less the nearest: 0 on the borders between cells
};
Cells cells(int side, double cell, double jitter, Random& random);

/// An ellipse in pixels, its edge softened over `softness` (share of the radius); the field keeps the larger value.
struct Ellipse {
  float x, y, radius_x, radius_y, angle, softness;
};
void draw_ellipse(Field& field, const Ellipse& ellipse, float strength);

/// A line through points in pixels whose width runs from `begin` to `end`; antialiased; the field keeps the larger
/// value.
void draw_stroke(Field& field, std::span<const cv::Point2f> points, float begin, float end, float strength);

/// A line that starts in a direction and wanders: `steps` steps of a length, each turned by up to `turn` radians.
struct Wander {
  cv::Point2f start;
  float direction, step, turn;
  int steps;
};
std::vector<cv::Point2f> wander(const Wander& path, Random& random);

}  // namespace naevus::dataset::synth
