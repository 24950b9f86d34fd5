#include "compare.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "align.hpp"
#include "parameters.hpp"

namespace naevus::copies {
namespace {

Plane thumbnail_of(const Signature& signature) {
  Plane plane(Signature::side, Signature::side);
  std::ranges::copy(signature.thumbnail, plane.values.begin());
  return plane;
}

/// Hairs, texture and edges: what lies between two box blurs. Large values are bent down (v / (|v| + mean |v|)), so
/// that a ruler, a hair or a black corner counts no more than the skin around it.
Plane fine_structure(const Plane& plane) {
  Plane fine = box_blurred(plane, parameters::fine_radius);
  const Plane coarse = box_blurred(plane, parameters::coarse_radius);
  double sum = 0;
  for (std::size_t i = 0; i < fine.values.size(); ++i) {
    fine.values[i] -= coarse.values[i];
    sum += std::abs(fine.values[i]);
  }
  const auto mean = static_cast<float>(sum / static_cast<double>(fine.values.size())) + 1e-6F;
  for (float& value : fine.values) value /= std::abs(value) + mean;
  return fine;
}

Plane cut(const Plane& plane, int left, int top, int width, int height) {
  Plane out(width, height);
  for (int y = 0; y < height; ++y) std::copy_n(plane.row(top + y) + left, width, out.row(y));
  return out;
}

/// Correlation of fine structure: of the whole, or the median over fields where that is higher, because hairs that one
/// picture has and the other not spoil some fields and leave the others as they are.
double structure_correlation(const Plane& a, const Plane& b) {
  const double whole = correlation(a, b);
  const int columns = a.width / parameters::fields, rows = a.height / parameters::fields;
  if (std::min(columns, rows) < parameters::least_field) return whole;
  std::vector<double> fields;
  for (int y = 0; y < parameters::fields; ++y)
    for (int x = 0; x < parameters::fields; ++x)
      fields.push_back(
          correlation(cut(a, x * columns, y * rows, columns, rows), cut(b, x * columns, y * rows, columns, rows)));
  const auto middle = fields.begin() + static_cast<std::ptrdiff_t>(fields.size() / 2);
  std::ranges::nth_element(fields, middle);
  return std::max(whole, *middle);
}

Plane halved(const Plane& plane) {
  Plane half(plane.width / 2, plane.height / 2);
  for (int y = 0; y < half.height; ++y) {
    const float *above = plane.row(2 * y), *below = plane.row(2 * y + 1);
    for (int x = 0; x < half.width; ++x)
      half.row(y)[x] = (above[2 * x] + above[2 * x + 1] + below[2 * x] + below[2 * x + 1]) / 4;
  }
  return half;
}

/// Per coefficient of a descriptor.
const std::array<double, frequencies * frequencies>& near_weights() {
  static const auto weights = [] {
    std::array<double, frequencies * frequencies> w{};
    for (std::size_t i = 0; i < w.size(); ++i) {
      const auto u = static_cast<double>(i / frequencies), v = static_cast<double>(i % frequencies);
      w[i] = std::pow(u * u + v * v, parameters::near_exponent);
    }
    return w;
  }();
  return weights;
}

/// Correlation of the descriptors of what both pictures show, with more weight on fine structure than the search gives
/// it: dark blobs on plain skin are all alike from afar.
double near_correlation(const Signature& outer, const Signature& inner, const Candidate& candidate) {
  const Rectangle& part = candidate.part;
  const double left = std::max(0.0, part.x), right = std::min(1.0, part.x + part.width);
  const double top = std::max(0.0, part.y), bottom = std::min(1.0, part.y + part.height);
  const Rectangle inside{(left - part.x) / part.width, (top - part.y) / part.height, (right - left) / part.width,
                         (bottom - top) / part.height};
  const Descriptor a = DescriptorMaker({left, top, right - left, bottom - top})(outer);
  const Descriptor b = turned(DescriptorMaker(turned(inside, inverse(candidate.symmetry)))(inner), candidate.symmetry);
  double aa = 0, bb = 0, ab = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double weight = near_weights()[i];
    aa += weight * a[i] * a[i], bb += weight * b[i] * b[i], ab += weight * a[i] * b[i];
  }
  return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : 0;
}

}  // namespace

std::optional<Candidate> fitted(const Signature& outer, const Signature& inner, Candidate candidate) {
  const Plane frame = thumbnail_of(outer), wanted = turned(thumbnail_of(inner), candidate.symmetry);
  const Plane small_frame = halved(frame), small_wanted = halved(wanted);
  candidate.part = aligned(small_frame, small_wanted, candidate.part, 4);
  const auto [small_seen, small_shown] = both_show(small_frame, small_wanted, candidate.part);
  if (correlation(small_seen, small_shown) < parameters::least_thumbnail_correlation) return std::nullopt;
  candidate.part = aligned(frame, wanted, candidate.part, 3);
  candidate.correlation = near_correlation(outer, inner, candidate);
  if (candidate.correlation < parameters::least_near_correlation) return std::nullopt;
  return candidate;
}

Agreement compare(const image::Image& outer, const image::Image& inner, Symmetry symmetry, Rectangle part) {
  const double finest =
      std::min({static_cast<double>(inner.width), static_cast<double>(inner.height), outer.width * part.width,
                outer.height * part.height, static_cast<double>(parameters::most_pixels)});
  const int side = std::max(8, static_cast<int>(finest));
  const Plane wanted = turned(grey_plane(inner, side, side), symmetry);
  const Plane frame = grey_plane(outer, std::max(8, static_cast<int>(std::lround(side / part.width))),
                                 std::max(8, static_cast<int>(std::lround(side / part.height))));
  Agreement result{.part = aligned(box_blurred(frame, 1), box_blurred(wanted, 1), part, 10)};
  const auto [seen, shown] = both_show(frame, wanted, result.part);
  if (seen.values.empty()) return result;
  result.correlation = correlation(seen, shown);
  result.fine_correlation = structure_correlation(fine_structure(seen), fine_structure(shown));
  return result;
}

std::optional<Symmetry> exact_symmetry(const image::Image& a, const image::Image& b) {
  for (Symmetry s = 0; s < symmetries; ++s)
    if (turned(b, s) == a) return s;
  return std::nullopt;
}

}  // namespace naevus::copies
