#include "naevus/evaluate/skin_tone.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "naevus/base/error.hpp"
#include "naevus/metrics/robust.hpp"

namespace naevus::evaluate {
namespace {

struct Lab {
  double lightness = 0, yellow = 0;  // L* and b*; a* is not needed
};

const std::array<double, 256>& linear_levels() {
  static const std::array<double, 256> levels = [] {
    std::array<double, 256> table{};
    for (std::size_t i = 0; i < table.size(); ++i) {
      const double level = static_cast<double>(i) / 255;
      table[i] = level <= 0.04045 ? level / 12.92 : std::pow((level + 0.055) / 1.055, 2.4);
    }
    return table;
  }();
  return levels;
}

double lab_curve(double share) {
  constexpr double delta = 6.0 / 29;
  return share > delta * delta * delta ? std::cbrt(share) : share / (3 * delta * delta) + 4.0 / 29;
}

/// sRGB (IEC 61966-2-1) to CIE Lab with the white of D65.
Lab lab_of(const std::uint8_t* rgb) {
  const auto& linear = linear_levels();
  const double r = linear[rgb[0]], g = linear[rgb[1]], b = linear[rgb[2]];
  const double y = lab_curve(0.2126729 * r + 0.7151522 * g + 0.0721750 * b);
  const double z = lab_curve((0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883);
  return {116 * y - 16, 200 * (y - z)};
}

/// Whether the lesion, or its margin, is there: the lesion's colour fades into the skin's over some pixels.
bool near_lesion(const image::Mask& lesion, int x, int y, int margin) {
  for (const int dy : {-margin, 0, margin})
    for (const int dx : {-margin, 0, margin}) {
      const int column = std::clamp(x + dx, 0, lesion.width - 1), row = std::clamp(y + dy, 0, lesion.height - 1);
      if (lesion.at(column, row)) return true;
    }
  return false;
}

}  // namespace

std::optional<double> typology_angle(const image::Image& picture, const image::Mask& lesion) {
  if (picture.width != lesion.width || picture.height != lesion.height)
    throw InputError("the lesion's mask is not of the picture's size");
  if (std::none_of(lesion.values.begin(), lesion.values.end(), [](std::uint8_t value) { return value != 0; }))
    return std::nullopt;
  constexpr int samples_a_side = 64;
  constexpr double darkest = 20;  // L* of dark corners, rulers and hairs
  constexpr double least_share = 0.05;
  const int step = std::max(1, std::max(picture.width, picture.height) / samples_a_side);
  const int margin = std::max(1, std::max(picture.width, picture.height) / 25);
  std::vector<double> lightness, yellow;
  std::size_t samples = 0;
  for (int y = step / 2; y < picture.height; y += step)
    for (int x = step / 2; x < picture.width; x += step) {
      ++samples;
      if (near_lesion(lesion, x, y, margin)) continue;
      const Lab lab = lab_of(picture.at(x, y));
      if (lab.lightness < darkest) continue;
      lightness.push_back(lab.lightness);
      yellow.push_back(lab.yellow);
    }
  if (static_cast<double>(lightness.size()) < least_share * static_cast<double>(samples)) return std::nullopt;
  return std::atan2(metrics::median(lightness) - 50, metrics::median(yellow)) * 180 / std::numbers::pi;
}

const std::vector<std::string>& skin_tones() {
  static const std::vector<std::string> tones{"very light", "light", "intermediate", "tan", "brown", "dark"};
  return tones;
}

std::string skin_tone(double angle) {
  constexpr std::array<double, 5> above{55, 41, 28, 10, -30};
  const auto* const first = std::find_if(above.begin(), above.end(), [&](double limit) { return angle > limit; });
  return skin_tones()[static_cast<std::size_t>(first - above.begin())];
}

}  // namespace naevus::evaluate
