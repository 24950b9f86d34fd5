#include "augment_plan.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace naevus::image {
namespace {

constexpr double degree = std::numbers::pi / 180;

double either_way(Random& random, double range) {
  return random.uniform(-range, range);
}

/// A step of RandAugment, at a strength in [0, 1], either way where it has two.
using Operation = void (*)(Plan& plan, double strength, Random& random);

double sign(Random& random) {
  return random.chance(0.5) ? 1 : -1;
}

// Limits at full strength are the paper's where it has the operation (its table 6, as torchvision implements it).
constexpr std::array<Operation, 21> operations = {
    [](Plan&, double, Random&) {},
    [](Plan& p, double s, Random& r) { p.angle += sign(r) * s * 30 * degree; },
    [](Plan& p, double s, Random& r) { p.shear += sign(r) * s * 0.3; },
    [](Plan& p, double s, Random& r) { p.shift_x += sign(r) * s * 0.45; },
    [](Plan& p, double s, Random& r) { p.shift_y += sign(r) * s * 0.45; },
    [](Plan& p, double s, Random& r) { p.scale *= std::pow(2.0, sign(r) * s); },
    [](Plan& p, double s, Random& r) { p.aspect *= std::pow(1.5, sign(r) * s); },
    [](Plan& p, double s, Random& r) {
      for (double& shift : p.corners) shift = std::clamp(shift + either_way(r, 0.2 * s), -0.2, 0.2);
    },
    [](Plan& p, double s, Random&) { p.elastic = std::max(p.elastic, 0.04 * s); },
    [](Plan& p, double s, Random& r) { p.color.brightness *= 1 + sign(r) * 0.9 * s; },
    [](Plan& p, double s, Random& r) { p.color.contrast *= 1 + sign(r) * 0.9 * s; },
    [](Plan& p, double s, Random& r) { p.color.saturation *= 1 + sign(r) * 0.9 * s; },
    [](Plan& p, double s, Random& r) { p.color.hue += sign(r) * s * 0.2 * std::numbers::pi; },
    [](Plan& p, double s, Random& r) {
      for (double& gain : p.color.white_balance) gain *= 1 + either_way(r, 0.4 * s);
    },
    [](Plan& p, double s, Random&) { p.blur = std::max(p.blur, 2 * s); },
    [](Plan& p, double s, Random&) { p.noise = std::max(p.noise, 24 * s); },
    [](Plan& p, double s, Random&) {
      const int quality = static_cast<int>(std::lround(95 - 75 * s));
      p.jpeg = p.jpeg == 0 ? quality : std::min(p.jpeg, quality);
    },
    [](Plan& p, double s, Random&) { p.hairs += static_cast<int>(std::ceil(16 * s)); },
    [](Plan& p, double s, Random&) {
      if (s > 0) p.vignette = 1.4 - 0.5 * s;
    },
    [](Plan& p, double s, Random&) { p.ruler |= s > 0; },
    [](Plan& p, double s, Random&) { p.cutout = std::max(p.cutout, s / 3); },
};

}  // namespace

int randaugment_steps() {
  return static_cast<int>(operations.size());
}

void add_randaugment(Plan& plan, int count, double magnitude, Random& random) {
  for (int i = 0; i < count; ++i) operations[random.below(operations.size())](plan, magnitude / 10, random);
}

// The order of the first part is that of the runs that models were trained in: new draws go behind it.
Plan draw_plan(const Augmentation& o, Random& random) {
  Plan p;
  p.flip = random.chance(0.5) && o.flip;
  p.angle = either_way(random, o.rotation) * degree;
  p.scale = random.uniform(o.scale_low, o.scale_high);
  p.aspect = 1 + either_way(random, o.aspect);
  p.shift_x = either_way(random, o.shift);
  p.shift_y = either_way(random, o.shift);
  p.shear = std::tan(either_way(random, o.shear) * degree);
  p.color.brightness = 1 + either_way(random, o.brightness);
  p.color.contrast = 1 + either_way(random, o.contrast);
  p.color.saturation = 1 + either_way(random, o.saturation);
  p.color.hue = 2 * std::numbers::pi * either_way(random, o.hue);
  for (double& gain : p.color.white_balance) gain = 1 + either_way(random, o.white_balance);
  const bool blurred = random.chance(o.blur);
  const double sigma = random.uniform(0.3, 1.5);
  if (blurred) p.blur = sigma;
  const bool cut = random.chance(o.cutout);
  const double side = random.uniform(0.05, 1.0 / 3);
  if (cut) p.cutout = side;
  p.cutout_x = random.uniform();
  p.cutout_y = random.uniform();

  const double quarter = std::floor(random.uniform(0, 4));
  if (o.quarter_turns) p.angle += quarter * std::numbers::pi / 2;
  for (double& shift : p.corners) shift = either_way(random, o.perspective);
  p.elastic = random.uniform(0, o.elastic);
  p.noise = random.uniform(0, o.noise);
  const bool compressed = random.chance(o.jpeg);
  const auto quality = static_cast<int>(random.uniform(30, 96));
  if (compressed) p.jpeg = quality;
  const bool hairy = random.chance(o.hair);
  const auto hairs = static_cast<int>(random.uniform(1, 13));
  if (hairy) p.hairs = hairs;
  p.ruler = random.chance(o.ruler);
  const bool vignetted = random.chance(o.vignette);
  const double radius = random.uniform(0.9, 1.25);
  if (vignetted) p.vignette = radius;
  for (auto* seed : {&p.elastic_seed, &p.noise_seed, &p.hair_seed, &p.ruler_seed, &p.vignette_seed})
    *seed = random.next();
  add_randaugment(p, o.randaugment, o.randaugment_magnitude, random);
  return p;
}

}  // namespace naevus::image
