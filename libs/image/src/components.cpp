#include "components.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>

namespace naevus::image {
namespace {

/// Skips zeros eight at a time.
int next_set(const std::uint8_t* row, int x, int width) {
  while (x + 8 <= width) {
    std::uint64_t word;
    std::memcpy(&word, row + x, sizeof word);
    if (word != 0) break;
    x += 8;
  }
  while (x < width && row[x] == 0) ++x;
  return x;
}

class Forest {
 public:
  void reserve(std::size_t count) { parent_.reserve(count); }
  int add() {
    parent_.push_back(static_cast<int>(parent_.size()));
    return parent_.back();
  }
  int root(int i) {
    while (parent_[at(i)] != i) {
      parent_[at(i)] = parent_[at(parent_[at(i)])];
      i = parent_[at(i)];
    }
    return i;
  }
  void join(int a, int b) {
    a = root(a), b = root(b);
    if (a != b) parent_[at(std::max(a, b))] = std::min(a, b);
  }

 private:
  static std::size_t at(int i) { return static_cast<std::size_t>(i); }
  std::vector<int> parent_;
};

/// Sum of the squares 0² + 1² + … + n².
std::int64_t squares(std::int64_t n) {
  return n * (n + 1) * (2 * n + 1) / 6;
}

void add(Component& part, const Run& run) {
  const std::int64_t n = run.end - run.begin, y = run.row;
  const std::int64_t x = n * (run.begin + run.end - 1) / 2;
  if (part.area == 0) part = {.left = run.begin, .top = run.row, .right = run.end - 1, .bottom = run.row};
  part.left = std::min(part.left, run.begin);
  part.right = std::max(part.right, run.end - 1);
  part.bottom = run.row;
  part.area += static_cast<int>(n);
  part.x += x;
  part.y += n * y;
  part.xx += squares(run.end - 1) - squares(std::int64_t{run.begin} - 1);
  part.xy += x * y;
  part.yy += n * y * y;
}

}  // namespace

Axes axes_of(const Component& c) {
  const double n = c.area, mx = c.center_x(), my = c.center_y();
  // A pixel is a square of side 1, whose own variance is 1/12 along each axis.
  const double xx = static_cast<double>(c.xx) / n - mx * mx + 1.0 / 12;
  const double yy = static_cast<double>(c.yy) / n - my * my + 1.0 / 12;
  const double xy = static_cast<double>(c.xy) / n - mx * my;
  const double mean = (xx + yy) / 2, spread = std::hypot((xx - yy) / 2, xy);
  // A uniform line of length n has variance n² / 12.
  return {.major = std::sqrt(12 * (mean + spread)),
          .minor = std::sqrt(12 * std::max(mean - spread, 0.0)),
          .angle = 0.5 * std::atan2(2 * xy, xx - yy)};
}

Components components_of(const cv::Mat& mask) {
  Components out;
  Forest forest;
  constexpr std::size_t usual_runs = 4096;
  forest.reserve(usual_runs);
  out.runs.reserve(usual_runs);
  std::size_t above = 0, row_begin = 0;
  for (int y = 0; y < mask.rows; ++y) {
    const std::uint8_t* row = mask.ptr(y);
    const std::size_t above_end = out.runs.size();
    row_begin = above_end;
    for (int x = next_set(row, 0, mask.cols); x < mask.cols; x = next_set(row, x, mask.cols)) {
      int end = x;
      while (end < mask.cols && row[end] != 0) ++end;
      const Run run{y, x, end, forest.add()};
      // Runs of the row above that end before this one begins (diagonals touch) are done with.
      while (above < above_end && out.runs[above].end < run.begin) ++above;
      for (std::size_t i = above; i < above_end && out.runs[i].begin <= run.end; ++i)
        forest.join(run.component, out.runs[i].component);
      out.runs.push_back(run);
      x = end;
    }
    above = row_begin;
  }

  std::vector<int> index(out.runs.size(), -1);
  for (Run& run : out.runs) {
    int& part = index[static_cast<std::size_t>(forest.root(run.component))];
    if (part < 0) {
      part = static_cast<int>(out.parts.size());
      out.parts.emplace_back();
    }
    run.component = part;
    add(out.parts[static_cast<std::size_t>(part)], run);
  }
  return out;
}

}  // namespace naevus::image
