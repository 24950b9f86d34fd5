#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "synth_lesion.hpp"

namespace naevus::dataset::synth {
namespace {

/// Reflected colour of skin without pigment and blood, and optical density per unit of each, for red, green and blue:
/// melanin absorbs evenly more towards blue, haemoglobin green and blue.
constexpr std::array pale{0.93F, 0.79F, 0.74F};
constexpr std::array melanin_density{0.52F, 0.84F, 1.12F};
constexpr std::array blood_density{0.17F, 0.95F, 0.80F};
constexpr std::array blue_grey{0.35F, 0.40F, 0.50F};
constexpr std::array scar_white{0.95F, 0.88F, 0.86F};
constexpr std::array keratin_yellow{0.86F, 0.70F, 0.44F};

}  // namespace

Skin bare_skin(int side, Random random) {
  Skin skin{side, Field(side, side), Field(side, side), blank(side, side), blank(side, side), blank(side, side)};
  // Most tones fair to tan, as in the collections; some brown.
  const double tone = random.uniform(0, 1);
  const auto melanin = static_cast<float>(0.04 + 0.22 * tone + (random.chance(0.12) ? random.uniform(0.2, 0.6) : 0));
  const auto blood = static_cast<float>(random.uniform(0.02, 0.26));
  const auto mottle = static_cast<float>(random.uniform(0.02, 0.07));
  const auto grain = static_cast<float>(random.uniform(0.01, 0.05));
  const auto depth = static_cast<float>(random.uniform(0, 0.03));
  const auto flush = static_cast<float>(random.uniform(0.02, 0.09));
  const Field coarse = fractal(side, random.uniform(0.3, 0.7), 5, random);
  const Field red = fractal(side, random.uniform(0.2, 0.6), 4, random);
  const Field fine = fractal(side, random.uniform(0.02, 0.04), 2, random);
  const Cells furrows = cells(side, random.uniform(0.05, 0.1), 1, random);
  each(skin.melanin, [&](float& value, int x, int y) {
    const float furrow = 1 - smooth_step(0.02F, 0.25F, furrows.border(y, x));
    value = melanin + mottle * coarse(y, x) + grain * fine(y, x) + depth * furrow;
    skin.blood(y, x) = blood + flush * red(y, x) + 0.7F * grain * fine(y, x) + 0.5F * depth * furrow;
  });
  const auto follicles = random.below(14);
  for (std::uint64_t i = 0; i < follicles; ++i) {
    const float radius = pixels(random.uniform(0.012, 0.03), side);
    const Ellipse spot{pixel(random.uniform(-1, 1), side), pixel(random.uniform(-1, 1), side), radius, radius, 0, 0.8F};
    draw_ellipse(random.chance(0.5) ? skin.white : skin.keratin, spot, static_cast<float>(random.uniform(0.1, 0.3)));
  }
  return skin;
}

cv::Mat_<cv::Vec3f> colour(const Skin& skin) {
  cv::Mat_<cv::Vec3f> image(skin.side, skin.side);
  for (int y = 0; y < skin.side; ++y)
    for (int x = 0; x < skin.side; ++x) {
      const float melanin = std::max(0.0F, skin.melanin(y, x)), blood = std::max(0.0F, skin.blood(y, x));
      const float blue = std::clamp(skin.blue(y, x), 0.0F, 1.0F), white = std::clamp(skin.white(y, x), 0.0F, 1.0F);
      const float keratin = std::clamp(skin.keratin(y, x), 0.0F, 1.0F);
      cv::Vec3f& value = image(y, x);
      for (std::size_t c = 0; c < 3; ++c) {
        float level = pale[c] * std::exp(-melanin * melanin_density[c] - blood * blood_density[c]);
        level += blue * (blue_grey[c] * (0.5F + 0.5F * level) - level);
        level += keratin * (keratin_yellow[c] - level);
        value[static_cast<int>(c)] = level + white * (scar_white[c] - level);
      }
    }
  return image;
}

Outline::Outline(int side, const Options& options, Random& random)
    : inside(side, side),
      radius(side, side),
      side_(side),
      size_(pixels(options.radius, side)),
      squeeze_(1 - options.elongation),
      tilt_(random.uniform(0, std::numbers::pi)),
      border_(512) {
  struct Lobe {
    double height, phase;
  };
  std::vector<Lobe> lobes;
  for (int k = 2; k <= 9; ++k)
    lobes.push_back({options.irregularity * random.uniform(-2, 2) / k, random.uniform(0, 2 * std::numbers::pi)});
  for (std::size_t i = 0; i < border_.size(); ++i) {
    const double angle = 2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(border_.size());
    border_[i] = 1;
    for (std::size_t k = 0; k < lobes.size(); ++k)
      border_[i] += lobes[k].height * std::cos(static_cast<double>(k + 2) * angle + lobes[k].phase);
    border_[i] = std::clamp(border_[i], 0.45, 1.6);
  }
  const Field ragged = fractal(side, options.radius * 0.5, 3, random);
  const auto wobble = static_cast<float>(options.wobble), soft = static_cast<float>(options.softness);
  const auto c = static_cast<float>(std::cos(tilt_)), s = static_cast<float>(std::sin(tilt_));
  const float middle = static_cast<float>(side - 1) / 2, squeeze = static_cast<float>(squeeze_);
  each(radius, [&](float& value, int x, int y) {
    const float dx = static_cast<float>(x) - middle, dy = static_cast<float>(y) - middle;
    const float u = dx * c + dy * s, v = (dy * c - dx * s) / squeeze;
    value = std::sqrt(u * u + v * v) / (size_ * static_cast<float>(border(std::atan2(v, u)))) + wobble * ragged(y, x);
    inside(y, x) = 1 - smooth_step(1 - soft, 1 + soft, value);
  });
}

double Outline::border(double angle) const {
  const double turns = angle / (2 * std::numbers::pi) + 1;
  const double place = (turns - std::floor(turns)) * static_cast<double>(border_.size());
  const auto index = static_cast<std::size_t>(place);
  const double share = place - static_cast<double>(index);
  return border_[index % border_.size()] * (1 - share) + border_[(index + 1) % border_.size()] * share;
}

cv::Point2f Outline::point(double share, double angle) const {
  const double reach = share * size_ * border(angle);
  const double u = reach * std::cos(angle), v = reach * std::sin(angle) * squeeze_;
  const double middle = (side_ - 1) / 2.0;
  return {static_cast<float>(middle + u * std::cos(tilt_) - v * std::sin(tilt_)),
          static_cast<float>(middle + u * std::sin(tilt_) + v * std::cos(tilt_))};
}

cv::Point2f Outline::random_point(double low, double high, Random& random) const {
  // By area, so that the middle is not crowded.
  return point(std::sqrt(random.uniform(low * low, high * high)), random.uniform(0, 2 * std::numbers::pi));
}

Field Outline::patch(const Patch& options, Random& random) const {
  const cv::Point2f middle = random_point(options.nearest, options.farthest, random);
  const float reach = static_cast<float>(options.radius) * size_;
  Field field = fractal(side_, options.radius * size_ / side_ * 1.5, 3, random);
  each(field, [&](float& value, int x, int y) {
    const float dx = static_cast<float>(x) - middle.x, dy = static_cast<float>(y) - middle.y;
    value = inside(y, x) * (1 - smooth_step(0.55F, 1.25F, std::sqrt(dx * dx + dy * dy) / reach + 0.45F * value));
  });
  return field;
}

}  // namespace naevus::dataset::synth
