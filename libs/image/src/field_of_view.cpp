#include "field_of_view.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <opencv2/core.hpp>
#include <vector>

namespace naevus::image {
namespace {

constexpr int search_side = 256;
constexpr double dark_share = 0.35;
/// How far an edge point may lie off the ellipse, as a share of the radius.
constexpr double tolerance = 0.04;
/// The lit field ends before the rim's edge: the shade between them is soft.
constexpr double lit_share = 0.97;

struct Point {
  double x, y;
};

/// The rim of a small picture: 1 where it is dark and joined to a dark corner.
struct Rim {
  int width = 0, height = 0, dark_corners = 0;
  std::vector<std::uint8_t> mask;

  std::size_t index(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x);
  }
  bool inside(int x, int y) const { return x >= 0 && y >= 0 && x < width && y < height; }
  bool at(int x, int y) const { return mask[index(x, y)] != 0; }
};

std::vector<std::uint8_t> brightest_channel(const Image& image) {
  std::vector<std::uint8_t> values(image.pixels.size() / 3);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::uint8_t* p = image.pixels.data() + 3 * i;
    values[i] = std::max({p[0], p[1], p[2]});
  }
  return values;
}

double percentile_80(std::vector<std::uint8_t> values) {
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(values.size() * 4 / 5);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

Rim find_rim(const Image& image) {
  const auto value = brightest_channel(image);
  const double limit = dark_share * percentile_80(value);
  Rim rim{.width = image.width, .height = image.height, .mask = std::vector<std::uint8_t>(value.size())};
  std::vector<std::pair<int, int>> open;
  const auto visit = [&](int x, int y) {
    if (!rim.inside(x, y) || rim.at(x, y) || value[rim.index(x, y)] > limit) return;
    rim.mask[rim.index(x, y)] = 1;
    open.emplace_back(x, y);
  };
  const auto spread = [&] {
    while (!open.empty()) {
      const auto [x, y] = open.back();
      open.pop_back();
      for (const auto& [dx, dy] : {std::pair(1, 0), {-1, 0}, {0, 1}, {0, -1}}) visit(x + dx, y + dy);
    }
  };
  for (const int y : {0, rim.height - 1}) {
    for (const int x : {0, rim.width - 1}) {
      visit(x, y);
      spread();
      if (rim.at(x, y)) ++rim.dark_corners;
    }
  }
  return rim;
}

/// Where rim and lit pixels touch, but for steps towards a border of the picture close by: a dark line along it is no
/// part of the field's edge.
std::vector<Point> inner_edge(const Rim& rim) {
  constexpr double line = 0.03;
  const double margin = line * std::max(rim.width, rim.height);
  const auto is_line = [margin](double step, double at, int size) {
    return step != 0 && (at < margin || at > size - margin);
  };
  std::vector<Point> edge;
  for (int y = 0; y < rim.height; ++y) {
    for (int x = 0; x < rim.width; ++x) {
      if (!rim.at(x, y)) continue;
      for (const auto& [dx, dy] : {std::pair(1, 0), {-1, 0}, {0, 1}, {0, -1}}) {
        if (!rim.inside(x + dx, y + dy) || rim.at(x + dx, y + dy)) continue;
        const Point point{x + 0.5 + dx / 2.0, y + 0.5 + dy / 2.0};
        if (!is_line(dx, point.x, rim.width) && !is_line(dy, point.y, rim.height)) edge.push_back(point);
      }
    }
  }
  return edge;
}

/// 1 on the ellipse, the distance from its centre as a share of the radius elsewhere.
double reach(const LitField& field, double x, double y) {
  return std::hypot((x - field.x) / field.across, (y - field.y) / field.along);
}

/// a x² + b y² + c x + d y = 1 by least squares, in coordinates about the picture's middle and of its size.
std::optional<LitField> fit_ellipse(const std::vector<Point>& edge, const Rim& rim) {
  constexpr std::size_t fewest = 12;
  if (edge.size() < fewest) return {};
  const double middle_x = rim.width / 2.0, middle_y = rim.height / 2.0, unit = std::max(middle_x, middle_y);
  cv::Matx44d left = cv::Matx44d::zeros();
  cv::Vec4d right(0, 0, 0, 0);
  for (const Point& point : edge) {
    const double x = (point.x - middle_x) / unit, y = (point.y - middle_y) / unit;
    const cv::Vec4d row(x * x, y * y, x, y);
    left += row * row.t();
    right += row;
  }
  cv::Vec4d s;
  if (!cv::solve(left, right, s, cv::DECOMP_CHOLESKY) || s[0] <= 0 || s[1] <= 0) return {};
  const double x = -s[2] / (2 * s[0]), y = -s[3] / (2 * s[1]);
  const double constant = 1 + s[0] * x * x + s[1] * y * y;
  return LitField{.x = middle_x + unit * x,
                  .y = middle_y + unit * y,
                  .across = unit * std::sqrt(constant / s[0]),
                  .along = unit * std::sqrt(constant / s[1])};
}

std::vector<Point> near(const std::vector<Point>& edge, const LitField& field, double distance) {
  std::vector<Point> kept;
  std::copy_if(edge.begin(), edge.end(), std::back_inserter(kept),
               [&](const Point& p) { return std::abs(reach(field, p.x, p.y) - 1) <= distance; });
  return kept;
}

/// A field is about as wide as high (pictures are squashed from 16:9 to square at most), about the picture's size and
/// in its middle.
bool is_plausible(const LitField& field, const Rim& rim) {
  const double aspect = field.across / field.along, size = std::max(rim.width, rim.height);
  const double radius = std::max(field.across, field.along);
  return aspect > 0.5 && aspect < 2 && radius > 0.2 * size && radius < 1.2 * size &&
         std::abs(field.x - rim.width / 2.0) < 0.3 * rim.width &&
         std::abs(field.y - rim.height / 2.0) < 0.3 * rim.height;
}

/// Whether the rim fills what is outside the field, and next to nothing inside.
bool parts(const LitField& field, const Rim& rim) {
  double outside = 0, dark_outside = 0, inside = 0, dark_inside = 0;
  for (int y = 0; y < rim.height; ++y) {
    for (int x = 0; x < rim.width; ++x) {
      const double distance = reach(field, x + 0.5, y + 0.5);
      const double dark = rim.at(x, y) ? 1 : 0;
      if (distance > 1 + tolerance) {
        ++outside;
        dark_outside += dark;
      } else if (distance < 1 - tolerance) {
        ++inside;
        dark_inside += dark;
      }
    }
  }
  return outside > 0 && dark_outside >= 0.75 * outside && dark_inside <= 0.02 * inside;
}

bool corners_are_lit(const View& view, const LitField& field) {
  for (const int x : {view.left, view.left + view.width})
    for (const int y : {view.top, view.top + view.height})
      if (reach(field, x, y) > 1) return false;
  return true;
}

/// The largest square within field and picture: for a given half side, the best centre is the picture's place for it
/// that is nearest to the field's.
View largest_square(const Image& image, const LitField& field) {
  const auto centre = [](double wanted, double half, int size) { return std::clamp(wanted, half, size - half); };
  double low = 0, high = std::min(image.width, image.height) / 2.0;
  while (high - low > 0.01) {
    const double half = (low + high) / 2;
    const double dx = std::abs(centre(field.x, half, image.width) - field.x) + half;
    const double dy = std::abs(centre(field.y, half, image.height) - field.y) + half;
    (std::hypot(dx / field.across, dy / field.along) <= 1 ? low : high) = half;
  }
  const int side = std::max(1, static_cast<int>(std::floor(2 * low)));
  const auto first = [&](double middle, int size) {
    return std::clamp(static_cast<int>(std::lround(centre(middle, low, size) - side / 2.0)), 0, size - side);
  };
  return {&image, first(field.x, image.width), first(field.y, image.height), side, side};
}

}  // namespace

std::optional<LitField> field_of_view(const Image& image) {
  const double scale = std::min(1.0, static_cast<double>(search_side) / std::max(image.width, image.height));
  const auto scaled = [scale](int size) { return std::max(1, static_cast<int>(std::lround(size * scale))); };
  const int width = scaled(image.width), height = scaled(image.height);
  const Rim rim = find_rim(resize(image, width, height, Filter::area));
  if (rim.dark_corners < 2) return {};
  const auto edge = inner_edge(rim);
  auto field = fit_ellipse(edge, rim);
  if (field) field = fit_ellipse(near(edge, *field, 2 * tolerance), rim);
  if (!field || !is_plausible(*field, rim) || !parts(*field, rim)) return {};
  if (static_cast<double>(near(edge, *field, tolerance).size()) < 0.75 * static_cast<double>(edge.size())) return {};
  const double fx = static_cast<double>(image.width) / width, fy = static_cast<double>(image.height) / height;
  return LitField{fx * field->x, fy * field->y, lit_share * fx * field->across, lit_share * fy * field->along};
}

View without_vignette(const View& frame) {
  const auto field = field_of_view(*frame.image);
  if (!field || corners_are_lit(frame, *field)) return frame;
  return largest_square(*frame.image, *field);
}

}  // namespace naevus::image
