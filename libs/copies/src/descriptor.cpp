#include "descriptor.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "parameters.hpp"

namespace naevus::copies {
namespace {

constexpr std::size_t at(std::size_t u, std::size_t v) {
  return frequencies * u + v;
}

const Descriptor& frequency_weights() {
  static const Descriptor weights = [] {
    Descriptor w{};
    for (std::size_t u = 0; u < frequencies; ++u)
      for (std::size_t v = 0; v < frequencies; ++v)
        w[at(u, v)] = std::pow(static_cast<float>(u * u + v * v), parameters::far_exponent);
    return w;
  }();
  return weights;
}

}  // namespace

DescriptorMaker::DescriptorMaker(const Rectangle& part)
    : down_(basis(part.y, part.height)), along_(basis(part.x, part.width)) {}

DescriptorMaker::Basis DescriptorMaker::basis(double begin, double length) {
  Basis result{};
  // Where the cells' edges lie in the rectangle, t in [0, 1].
  std::array<double, Signature::side + 1> edges{};
  for (std::size_t edge = 0; edge < edges.size(); ++edge)
    edges[edge] = std::clamp((static_cast<double>(edge) / Signature::side - begin) / length, 0.0, 1.0);
  // The integral of cos(pi u t) over each cell's part in the rectangle; sin(u x) = 2 cos(x) sin((u-1) x) - sin((u-2)
  // x).
  std::array<double, frequencies> before{};
  for (std::size_t edge = 0; edge < edges.size(); ++edge) {
    const double x = std::numbers::pi * edges[edge], twice_cosine = 2 * std::cos(x);
    std::array<double, frequencies> after{edges[edge]};
    double last = 0, sine = std::sin(x);
    for (std::size_t u = 1; u < frequencies; ++u) {
      after[u] = sine / (std::numbers::pi * static_cast<double>(u));
      last = std::exchange(sine, twice_cosine * sine - last);
    }
    for (std::size_t u = 0; edge > 0 && u < frequencies; ++u)
      result[edge - 1][u] = static_cast<float>(after[u] - before[u]);
    before = after;
  }
  return result;
}

Descriptor DescriptorMaker::operator()(const Signature& picture) const {
  std::array<std::array<float, Signature::side>, frequencies> rows{};  // transformed down the columns
  for (std::size_t y = 0; y < Signature::side; ++y) {
    std::array<float, Signature::side> levels;
    for (std::size_t x = 0; x < Signature::side; ++x)
      levels[x] = static_cast<float>(picture.thumbnail[Signature::side * y + x]);
    for (std::size_t u = 0; u < frequencies; ++u)
      for (std::size_t x = 0; x < Signature::side; ++x) rows[u][x] += down_[y][u] * levels[x];
  }
  Descriptor result{};
  float energy = 0;
  for (std::size_t u = 0; u < frequencies; ++u) {
    std::array<float, frequencies> sums{};
    for (std::size_t x = 0; x < Signature::side; ++x)
      for (std::size_t v = 0; v < frequencies; ++v) sums[v] += rows[u][x] * along_[x][v];
    for (std::size_t v = 0; v < frequencies; ++v) {
      result[at(u, v)] = sums[v] * frequency_weights()[at(u, v)];
      energy += result[at(u, v)] * result[at(u, v)];
    }
  }
  const float scale = energy > 1e-6F ? 1 / std::sqrt(energy) : 0;
  for (float& value : result) value *= scale;
  return result;
}

Rectangle turned(Rectangle part, Symmetry symmetry) {
  if ((symmetry & 4) != 0) part = {part.y, part.x, part.height, part.width};
  if ((symmetry & 1) != 0) part.x = 1 - part.x - part.width;
  if ((symmetry & 2) != 0) part.y = 1 - part.y - part.height;
  return part;
}

Descriptor turned(const Descriptor& descriptor, Symmetry symmetry) {
  Descriptor result;
  for (std::size_t u = 0; u < frequencies; ++u) {
    for (std::size_t v = 0; v < frequencies; ++v) {
      const float value = (symmetry & 4) != 0 ? descriptor[at(v, u)] : descriptor[at(u, v)];
      const bool changes = (((symmetry & 1) != 0 && v % 2 == 1) != ((symmetry & 2) != 0 && u % 2 == 1));
      result[at(u, v)] = changes ? -value : value;
    }
  }
  return result;
}

std::vector<Symmetry> upright_positions(const Descriptor& descriptor, double doubt) {
  const double along = descriptor[at(0, 1)], down = descriptor[at(1, 0)];
  std::vector<Symmetry> result;
  const bool steeper_down = std::abs(down) > std::abs(along);
  for (const bool transposes : {steeper_down, !steeper_down}) {
    if (transposes != steeper_down && std::abs(std::abs(down) - std::abs(along)) >= doubt) continue;
    const double new_along = transposes ? down : along, new_down = transposes ? along : down;
    for (const bool mirrors : {new_along < 0, new_along >= 0}) {
      if (mirrors != (new_along < 0) && std::abs(new_along) >= doubt) continue;
      for (const bool upends : {new_down < 0, new_down >= 0}) {
        if (upends != (new_down < 0) && std::abs(new_down) >= doubt) continue;
        result.push_back(static_cast<Symmetry>((transposes ? 4 : 0) | (mirrors ? 1 : 0) | (upends ? 2 : 0)));
      }
    }
  }
  return result;
}

}  // namespace naevus::copies
