#include <algorithm>
#include <cmath>
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
/// Pixels of detail between two ticks.
constexpr double least_gap = 3, most_gap = 40;

struct Tick {
  double x, y, length, width, angle, darkness;
};

/// Outside the lesion, whose dots and streaks stand in rows too.
std::vector<Tick> ticks_of(const cv::Mat& lines, const cv::Mat& lesion) {
  cv::Mat set;
  cv::threshold(lines, set, tick_level, 255, cv::THRESH_BINARY);
  const Components found = components_of(set);
  std::vector<double> dark(found.parts.size());
  for (const Run& run : found.runs) {
    const std::uint8_t* row = lines.ptr(run.row);
    for (int x = run.begin; x < run.end; ++x) dark[static_cast<std::size_t>(run.component)] += row[x];
  }
  std::vector<Tick> ticks;
  for (std::size_t i = 0; i < found.parts.size(); ++i) {
    const Component& part = found.parts[i];
    if (part.area < 3 || part.area > 120) continue;
    const int row = std::min(static_cast<int>(part.center_y()) / 4, lesion.rows - 1);
    const int column = std::min(static_cast<int>(part.center_x()) / 4, lesion.cols - 1);
    if (lesion.at<std::uint8_t>(row, column) != 0) continue;
    const Axes axes = axes_of(part);
    if (axes.major < 2.5 || axes.major > 34 || axes.minor > 5 || axes.major < 1.4 * axes.minor) continue;
    ticks.push_back({part.center_x(), part.center_y(), axes.major, axes.minor, axes.angle, dark[i] / part.area});
  }
  if (ticks.size() > most_ticks) {
    std::ranges::nth_element(ticks, ticks.begin() + most_ticks, std::ranges::greater{}, &Tick::darkness);
    ticks.resize(most_ticks);
  }
  return ticks;
}

/// Between two axes, in [0, pi/2].
double turn(double a, double b) {
  const double d = std::fmod(std::abs(a - b), std::numbers::pi);
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
    const double x = ticks[first].x + count * dx, y = ticks[first].y + count * dy;
    std::size_t next = ticks.size();
    double nearest = slack;
    for (std::size_t i = 0; i < ticks.size(); ++i) {
      const double off_x = ticks[i].x - x, off_y = ticks[i].y - y;
      const double along = std::abs(off_x * dx + off_y * dy) / distance;
      if (along >= nearest) continue;
      const double across = std::abs(off_x * dy - off_y * dx) / distance;
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
    for (std::size_t j = 0; j < ticks.size(); ++j) {
      if (i == j) continue;
      const double dx = ticks[j].x - ticks[i].x, dy = ticks[j].y - ticks[i].y, square = dx * dx + dy * dy;
      if (square < least_gap * least_gap || square > most_gap * most_gap || !alike(ticks[i], ticks[j])) continue;
      if (turn(std::atan2(dy, dx), ticks[i].angle) < 0.9) continue;
      best = std::max(best, chain_from(ticks, i, j));
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
