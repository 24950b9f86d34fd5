#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "lines.hpp"

namespace naevus::image {
namespace {

constexpr double tick_level = 14;
/// Ticks in one row at equal distances.
constexpr double ruler_threshold = 6;
constexpr std::size_t most_ticks = 120;
/// Between a tick and the line that its row stands on.
constexpr double least_turn = 0.9;
/// Pixels of detail between two ticks.
constexpr double least_gap = 3, most_gap = 40;

struct Tick {
  double x, y, length, angle, darkness;
};

/// Sums over a part's pixels.
struct Moments {
  std::int64_t xx = 0, xy = 0, yy = 0;
  double dark = 0;

  void add(const Run& run, const std::uint8_t* row) {
    const std::int64_t n = run.end - run.begin, begin = run.begin, y = run.row;
    const std::int64_t x = n * (run.begin + run.end - 1) / 2;
    xx += begin * (2 * x - n * begin) + (n - 1) * n * (2 * n - 1) / 6;  // begin² + (begin + 1)² + …
    xy += x * y;
    yy += n * y * y;
    for (int i = run.begin; i < run.end; ++i) dark += row[i];
  }
};

/// Lengths of the axes of the ellipse with a part's second moments, in pixels; a straight line of n pixels has a major
/// axis of about n.
struct Axes {
  double major, minor;
  double angle;  ///< of the major axis, radians in [-pi/2, pi/2], from x towards y
};

Axes axes_of(const Component& part, const Moments& moments) {
  const double n = part.area, mx = part.center_x(), my = part.center_y();
  // A pixel is a square of side 1, whose own variance is 1/12 along each axis.
  const double xx = static_cast<double>(moments.xx) / n - mx * mx + 1.0 / 12;
  const double yy = static_cast<double>(moments.yy) / n - my * my + 1.0 / 12;
  const double xy = static_cast<double>(moments.xy) / n - mx * my;
  const double mean = (xx + yy) / 2, spread = std::sqrt((xx - yy) * (xx - yy) / 4 + xy * xy);
  // A uniform line of length n has variance n² / 12.
  return {.major = std::sqrt(12 * (mean + spread)),
          .minor = std::sqrt(12 * std::max(mean - spread, 0.0)),
          .angle = 0.5 * std::atan2(2 * xy, xx - yy)};
}

/// Outside the lesion, whose dots and streaks stand in rows too.
std::vector<Tick> ticks_of(const cv::Mat& lines, const cv::Mat& lesion) {
  constexpr int least_area = 3, most_area = 120;
  cv::Mat set;
  cv::threshold(lines, set, tick_level, 255, cv::THRESH_BINARY);
  const Components found = components_of(set);
  std::vector<std::uint8_t> likely(found.parts.size());
  for (std::size_t i = 0; i < likely.size(); ++i) {
    const Component& part = found.parts[i];
    if (part.area < least_area || part.area > most_area) continue;
    const int row = std::min(static_cast<int>(part.center_y()) / 4, lesion.rows - 1);
    const int column = std::min(static_cast<int>(part.center_x()) / 4, lesion.cols - 1);
    likely[i] = lesion.at<std::uint8_t>(row, column) == 0;
  }
  std::vector<Moments> moments(found.parts.size());
  for (const Run& run : found.runs) {
    const auto i = static_cast<std::size_t>(run.component);
    if (likely[i] != 0) moments[i].add(run, lines.ptr(run.row));
  }
  std::vector<Tick> ticks;
  for (std::size_t i = 0; i < likely.size(); ++i) {
    if (likely[i] == 0) continue;
    const Component& part = found.parts[i];
    const Axes axes = axes_of(part, moments[i]);
    if (axes.major < 2.5 || axes.major > 34 || axes.minor > 5 || axes.major < 1.4 * axes.minor) continue;
    ticks.push_back({part.center_x(), part.center_y(), axes.major, axes.angle, moments[i].dark / part.area});
  }
  if (ticks.size() > most_ticks) {
    std::ranges::nth_element(ticks, ticks.begin() + most_ticks, std::ranges::greater{}, &Tick::darkness);
    ticks.resize(most_ticks);
  }
  return ticks;
}

/// Between two axes that lie in (-pi/2, pi/2]; in [0, pi/2].
double turn(double a, double b) {
  const double d = std::abs(a - b);
  return std::min(d, std::numbers::pi - d);
}

bool alike(const Tick& a, const Tick& b) {
  constexpr double most_turn = 0.45;
  return turn(a.angle, b.angle) < most_turn && a.length < 2.6 * b.length && b.length < 2.6 * a.length &&
         a.darkness < 2.2 * b.darkness && b.darkness < 2.2 * a.darkness;
}

/// How many ticks follow at the distance of the first two. Long and short ones end on one line, so that their centres
/// may be off it by half of the difference.
int chain_from(const std::vector<Tick>& ticks, std::size_t first, std::size_t second) {
  double dx = ticks[second].x - ticks[first].x, dy = ticks[second].y - ticks[first].y;
  const double distance = std::hypot(dx, dy), slack = std::max(0.9, 0.12 * distance);
  for (int count = 2;; ++count) {
    const double along_x = dx / distance, along_y = dy / distance;
    const double x = ticks[first].x + count * dx, y = ticks[first].y + count * dy;
    std::size_t next = ticks.size();
    double nearest = slack;
    for (std::size_t i = 0; i < ticks.size(); ++i) {
      const double off_x = ticks[i].x - x, off_y = ticks[i].y - y;
      const double along = std::abs(off_x * along_x + off_y * along_y);
      if (along >= nearest) continue;
      const double across = std::abs(off_x * along_y - off_y * along_x);
      if (across < slack + std::abs(ticks[i].length - ticks[first].length) / 2 && alike(ticks[i], ticks[first]))
        nearest = along, next = i;
    }
    if (next == ticks.size()) return count;
    // The mean step so far, from ticks of one length: the first step is only good to a pixel.
    if (std::abs(ticks[next].length - ticks[first].length) < 1.5)
      dx = (ticks[next].x - ticks[first].x) / count, dy = (ticks[next].y - ticks[first].y) / count;
  }
}

int longest_chain(const std::vector<Tick>& ticks) {
  int best = 0;
  for (std::size_t i = 0; i < ticks.size(); ++i) {
    for (std::size_t j = i + 1; j < ticks.size(); ++j) {
      const double dx = ticks[j].x - ticks[i].x, dy = ticks[j].y - ticks[i].y, square = dx * dx + dy * dy;
      if (square < least_gap * least_gap || square > most_gap * most_gap || !alike(ticks[i], ticks[j])) continue;
      const double line = std::atan(dy / dx);
      if (turn(line, ticks[i].angle) >= least_turn) best = std::max(best, chain_from(ticks, i, j));
      if (turn(line, ticks[j].angle) >= least_turn) best = std::max(best, chain_from(ticks, j, i));
    }
  }
  return best;
}

}  // namespace

double ruler_score(const DarkLines& lines, const cv::Mat& lesion) {
  return score_of(
      std::max(longest_chain(ticks_of(lines.upright, lesion)), longest_chain(ticks_of(lines.lying, lesion))),
      ruler_threshold);
}

}  // namespace naevus::image
