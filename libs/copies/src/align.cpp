#include "align.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace naevus::copies {
namespace {

/// Where each output along one axis falls between two inputs.
struct Tap {
  int before = -1;  // -1: outside
  float share = 0;  // of the one behind it
};

std::vector<Tap> taps(int inputs, double begin, double length, int outputs) {
  std::vector<Tap> result(static_cast<std::size_t>(outputs));
  for (int i = 0; i < outputs; ++i) {
    const double position = (begin + length * (i + 0.5) / outputs) * inputs - 0.5;
    if (position < -0.5 || position > inputs - 0.5) continue;
    const double inside = std::clamp(position, 0.0, inputs - 1.0);
    const int before = std::min(static_cast<int>(inside), std::max(inputs - 2, 0));
    result[static_cast<std::size_t>(i)] = {before, static_cast<float>(inside - before)};
  }
  return result;
}

/// The part of `outer` that `inner` shows, on the pixels of `inner`; `covered` is 1 where `outer` has a value.
struct Sampled {
  Plane values, covered;
};

Sampled sample(const Plane& outer, const Rectangle& part, int width, int height) {
  const auto across = taps(outer.width, part.x, part.width, width);
  const auto down = taps(outer.height, part.y, part.height, height);
  Sampled result{Plane(width, height), Plane(width, height)};
  const int next_x = outer.width > 1 ? 1 : 0, next_y = outer.height > 1 ? 1 : 0;
  for (int y = 0; y < height; ++y) {
    const Tap& tap_y = down[static_cast<std::size_t>(y)];
    if (tap_y.before < 0) continue;
    const float *above = outer.row(tap_y.before), *below = outer.row(tap_y.before + next_y);
    float *out = result.values.row(y), *covered = result.covered.row(y);
    for (int x = 0; x < width; ++x) {
      const Tap& tap = across[static_cast<std::size_t>(x)];
      if (tap.before < 0) continue;
      const float top = above[tap.before] + tap.share * (above[tap.before + next_x] - above[tap.before]);
      const float bottom = below[tap.before] + tap.share * (below[tap.before + next_x] - below[tap.before]);
      out[x] = top + tap_y.share * (bottom - top);
      covered[x] = 1;
    }
  }
  return result;
}

constexpr std::size_t unknowns = 4;  // shift along x and y, stretch along x and y
using Vector = std::array<double, unknowns>;
using Matrix = std::array<Vector, unknowns>;

/// Gauss elimination of a symmetric positive matrix.
std::optional<Vector> solve(Matrix m, Vector b) {
  for (std::size_t i = 0; i < unknowns; ++i) {
    if (m[i][i] < 1e-9) return std::nullopt;
    for (std::size_t j = i + 1; j < unknowns; ++j) {
      const double f = m[j][i] / m[i][i];
      for (std::size_t k = i; k < unknowns; ++k) m[j][k] -= f * m[i][k];
      b[j] -= f * b[i];
    }
  }
  for (std::size_t i = unknowns; i-- > 0;) {
    for (std::size_t k = i + 1; k < unknowns; ++k) b[i] -= m[i][k] * b[k];
    b[i] /= m[i][i];
  }
  return b;
}

double dot(const Vector& a, const Vector& b) {
  double sum = 0;
  for (std::size_t i = 0; i < unknowns; ++i) sum += a[i] * b[i];
  return sum;
}

/// The sums over the covered pixels that one step needs.
struct Sums {
  double count = 0, w = 0, t = 0, ww = 0, wt = 0;  // the warped outer and the inner (template)
  Vector g{}, gw{}, gt{};
  Matrix gg{};

  void add(double warped, double wanted, const Vector& slope) {
    count += 1, w += warped, t += wanted, ww += warped * warped, wt += warped * wanted;
    for (std::size_t i = 0; i < unknowns; ++i) {
      g[i] += slope[i], gw[i] += slope[i] * warped, gt[i] += slope[i] * wanted;
      for (std::size_t j = 0; j <= i; ++j) gg[i][j] += slope[i] * slope[j];
    }
  }
  /// Takes the means out.
  void centre() {
    for (std::size_t i = 0; i < unknowns; ++i) {
      gw[i] -= g[i] * w / count, gt[i] -= g[i] * t / count;
      for (std::size_t j = 0; j <= i; ++j) gg[i][j] -= g[i] * g[j] / count, gg[j][i] = gg[i][j];
    }
    ww -= w * w / count, wt -= w * t / count;
  }
};

Sums sums_of(const Sampled& warped, const Plane& inner) {
  Sums sums;
  for (int y = 1; y + 1 < inner.height; ++y) {
    const float *above = warped.values.row(y - 1), *row = warped.values.row(y), *below = warped.values.row(y + 1);
    const float *covered = warped.covered.row(y), *wanted = inner.row(y);
    const double v = (y + 0.5) / inner.height - 0.5;
    for (int x = 1; x + 1 < inner.width; ++x) {
      if (covered[x - 1] + covered[x] + covered[x + 1] + warped.covered.row(y - 1)[x] + warped.covered.row(y + 1)[x] <
          5)
        continue;
      const double u = (x + 0.5) / inner.width - 0.5;
      const double gx = 0.5 * (row[x + 1] - row[x - 1]) * inner.width, gy = 0.5 * (below[x] - above[x]) * inner.height;
      sums.add(row[x], wanted[x], {gx, gy, gx * u, gy * v});
    }
  }
  return sums;
}

/// The step in inner coordinates, or nothing where there is no slope to follow or the two have nothing in common.
std::optional<Vector> step(Sums& s) {
  if (s.count < 32) return std::nullopt;
  s.centre();
  const auto from_w = solve(s.gg, s.gw), from_t = solve(s.gg, s.gt);
  if (!from_w || !from_t) return std::nullopt;
  const double numerator = s.ww - dot(s.gw, *from_w), denominator = s.wt - dot(s.gt, *from_w);
  if (denominator <= 1e-9) return std::nullopt;
  const double lambda = numerator / denominator;
  Vector result;
  for (std::size_t i = 0; i < unknowns; ++i) result[i] = lambda * (*from_t)[i] - (*from_w)[i];
  return result;
}

}  // namespace

Overlap both_show(const Plane& outer, const Plane& inner, const Rectangle& part) {
  const Sampled all = sample(outer, part, inner.width, inner.height);
  // What is covered is a rectangle.
  int left = inner.width, right = 0, top = inner.height, bottom = 0;
  for (int y = 0; y < inner.height; ++y) {
    for (int x = 0; x < inner.width; ++x) {
      if (all.covered.row(y)[x] == 0) continue;
      left = std::min(left, x), right = std::max(right, x + 1), top = std::min(top, y),
      bottom = std::max(bottom, y + 1);
    }
  }
  if (2 * (right - left) < inner.width || 2 * (bottom - top) < inner.height) return {};
  Overlap overlap{Plane(right - left, bottom - top), Plane(right - left, bottom - top)};
  for (int y = top; y < bottom; ++y) {
    std::copy_n(all.values.row(y) + left, right - left, overlap.outer.row(y - top));
    std::copy_n(inner.row(y) + left, right - left, overlap.inner.row(y - top));
  }
  return overlap;
}

double correlation(const Plane& a, const Plane& b) {
  const auto n = static_cast<double>(a.values.size());
  double sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0;
  for (std::size_t i = 0; i < a.values.size(); ++i) {
    const double x = a.values[i], y = b.values[i];
    sa += x, sb += y, saa += x * x, sbb += y * y, sab += x * y;
  }
  if (n == 0) return 0;
  const double va = saa - sa * sa / n, vb = sbb - sb * sb / n;
  return va > 1e-6 * n && vb > 1e-6 * n ? (sab - sa * sb / n) / std::sqrt(va * vb) : 0;
}

Rectangle aligned(const Plane& outer, const Plane& inner, Rectangle part, int steps) {
  for (int i = 0; i < steps; ++i) {
    Sums sums = sums_of(sample(outer, part, inner.width, inner.height), inner);
    const auto move = step(sums);
    if (!move) break;
    const auto [dx, dy, sx, sy] = *move;
    // Composed about the part's centre; a step that would leave the neighbourhood is a sign of nothing to follow.
    if (std::abs(dx) > 0.3 || std::abs(dy) > 0.3 || std::abs(sx) > 0.3 || std::abs(sy) > 0.3) break;
    const double centre_x = part.x + part.width * (0.5 + dx), centre_y = part.y + part.height * (0.5 + dy);
    part.width *= 1 + sx, part.height *= 1 + sy;
    part.x = centre_x - part.width / 2, part.y = centre_y - part.height / 2;
    const double moved = std::max({std::abs(dx), std::abs(dy), std::abs(sx), std::abs(sy)});
    if (moved * std::max(inner.width, inner.height) < 0.02) break;
  }
  return part;
}

}  // namespace naevus::copies
