#include "align.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace naevus::copies {
namespace {

/// Outputs [begin, end) along one axis.
struct Span {
  int begin = 0, end = 0;
};

/// Where each output along one axis falls between two inputs.
struct Taps {
  Span covered;  ///< the outputs that fall on inputs at all
  std::vector<int> before;
  std::vector<float> share;  ///< of the input behind it
};

Taps taps(int inputs, double begin, double length, int outputs) {
  const auto size = static_cast<std::size_t>(outputs);
  Taps result{{outputs, 0}, std::vector<int>(size), std::vector<float>(size)};
  for (int i = 0; i < outputs; ++i) {
    const double position = (begin + length * (i + 0.5) / outputs) * inputs - 0.5;
    if (position < -0.5 || position > inputs - 0.5) continue;
    result.covered = {std::min(result.covered.begin, i), i + 1};
    const double inside = std::clamp(position, 0.0, inputs - 1.0);
    const int before = std::min(static_cast<int>(inside), std::max(inputs - 2, 0));
    result.before[static_cast<std::size_t>(i)] = before;
    result.share[static_cast<std::size_t>(i)] = static_cast<float>(inside - before);
  }
  return result;
}

/// The part of `outer` that `inner` shows, on the pixels of `inner`; nought where `outer` has no value.
struct Sampled {
  Plane values;
  Span across, down;  ///< where it has
};

Sampled sample(const Plane& outer, const Rectangle& part, int width, int height) {
  const auto across = taps(outer.width, part.x, part.width, width);
  const auto down = taps(outer.height, part.y, part.height, height);
  Sampled result{Plane(width, height), across.covered, down.covered};
  const int next_x = outer.width > 1 ? 1 : 0, next_y = outer.height > 1 ? 1 : 0;
  std::vector<float> between(static_cast<std::size_t>(outer.width));  // a row of the outer, between two of its own
  for (int y = down.covered.begin; y < down.covered.end; ++y) {
    const auto at_y = static_cast<std::size_t>(y);
    const float *above = outer.row(down.before[at_y]), *below = outer.row(down.before[at_y] + next_y);
    const float share = down.share[at_y];
    for (std::size_t x = 0; x < between.size(); ++x) between[x] = above[x] + share * (below[x] - above[x]);
    float* out = result.values.row(y);
    for (int x = across.covered.begin; x < across.covered.end; ++x) {
      const auto at_x = static_cast<std::size_t>(x);
      const float* left = between.data() + across.before[at_x];
      out[x] = left[0] + across.share[at_x] * (left[next_x] - left[0]);
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
  Matrix gg{};  // its lower triangle until the means are out

  /// Takes the means out.
  void centre() {
    for (std::size_t i = 0; i < unknowns; ++i) {
      gw[i] -= g[i] * w / count, gt[i] -= g[i] * t / count;
      for (std::size_t j = 0; j <= i; ++j) gg[i][j] -= g[i] * g[j] / count, gg[j][i] = gg[i][j];
    }
    ww -= w * w / count, wt -= w * t / count;
  }
};

/// The warped outer's row with the ones above and below it, and the inner's.
struct Rows {
  const float *above, *row, *below, *wanted;
};

/// Adds the pixels [begin, end) of a row. How far a pixel moves when the part is stretched goes with its place: u, from
/// the middle along the row, and v, which is the same for the whole row.
void add_row(const Rows& rows, Span span, const float* places, float width, float height, double v, Sums& sums) {
  float w = 0, t = 0, ww = 0, wt = 0, x = 0, y = 0, xu = 0, xw = 0, yw = 0, xuw = 0, xt = 0, yt = 0, xut = 0;
  float xx = 0, xy = 0, yy = 0, xxu = 0, xyu = 0, xxuu = 0;
#pragma omp simd reduction(+ : w, t, ww, wt, x, y, xu, xw, yw, xuw, xt, yt, xut, xx, xy, yy, xxu, xyu, xxuu)
  for (int i = span.begin; i < span.end; ++i) {
    const float warped = rows.row[i], wanted = rows.wanted[i], u = places[i];
    const float gx = width * (rows.row[i + 1] - rows.row[i - 1]), gy = height * (rows.below[i] - rows.above[i]);
    const float gxu = gx * u;
    w += warped, t += wanted, ww += warped * warped, wt += warped * wanted;
    x += gx, xw += gx * warped, xt += gx * wanted;
    y += gy, yw += gy * warped, yt += gy * wanted;
    xu += gxu, xuw += gxu * warped, xut += gxu * wanted;
    xx += gx * gx, xy += gx * gy, yy += gy * gy;
    xxu += gx * gxu, xyu += gy * gxu, xxuu += gxu * gxu;
  }
  const Vector g{x, y, xu, v * y}, gw{xw, yw, xuw, v * yw}, gt{xt, yt, xut, v * yt};
  const Matrix gg{Vector{xx}, Vector{xy, yy}, Vector{xxu, xyu, xxuu}, Vector{v * xy, v * yy, v * xyu, v * v * yy}};
  sums.count += span.end - span.begin, sums.w += w, sums.t += t, sums.ww += ww, sums.wt += wt;
  for (std::size_t i = 0; i < unknowns; ++i) {
    sums.g[i] += g[i], sums.gw[i] += gw[i], sums.gt[i] += gt[i];
    for (std::size_t j = 0; j <= i; ++j) sums.gg[i][j] += gg[i][j];
  }
}

/// Over the pixels whose neighbours along both axes are covered too.
Sums sums_of(const Sampled& warped, const Plane& inner) {
  Sums sums;
  std::vector<float> places(static_cast<std::size_t>(inner.width));
  for (std::size_t x = 0; x < places.size(); ++x)
    places[x] = (static_cast<float>(x) + 0.5F) / static_cast<float>(inner.width) - 0.5F;
  const auto half = [](int size) { return 0.5F * static_cast<float>(size); };
  const Span across{warped.across.begin + 1, warped.across.end - 1};
  for (int y = warped.down.begin + 1; y + 1 < warped.down.end; ++y) {
    const Plane& values = warped.values;
    const Rows rows{values.row(y - 1), values.row(y), values.row(y + 1), inner.row(y)};
    if (across.begin < across.end)
      add_row(rows, across, places.data(), half(inner.width), half(inner.height), (y + 0.5) / inner.height - 0.5, sums);
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
  const auto [left, right] = all.across;
  const auto [top, bottom] = all.down;
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
