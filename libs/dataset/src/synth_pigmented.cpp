#include <numbers>

#include "synth_lesion.hpp"

/// Naevus, melanoma, benign keratosis, dermatofibroma: what is brown.
namespace naevus::dataset::synth {
namespace {

/// Pigment network: 1 on the lines of a honeycomb, 0 in its holes.
Field network(int side, double cell, double jitter, float width, Random& random) {
  Field lines = cells(side, cell, jitter, random).border;
  each(lines, [&](float& value, int, int) { value = 1 - smooth_step(0.3F * width, width, value); });
  return lines;
}

/// Dots in the lesion: how many, where on the way to the border, how large (share of the lesion's radius).
struct Dots {
  std::uint64_t count;
  double nearest, farthest, smallest, largest;
};

void draw_dots(Field& field, const Outline& outline, const Dots& dots, float strength, Random& random) {
  for (std::uint64_t i = 0; i < dots.count; ++i) {
    const cv::Point2f at = outline.random_point(dots.nearest, dots.farthest, random);
    const auto radius = static_cast<float>(random.uniform(dots.smallest, dots.largest)) * outline.size();
    const auto stretch = static_cast<float>(random.uniform(0.75, 1.3));
    draw_ellipse(field, {at.x, at.y, radius, radius * stretch, static_cast<float>(random.uniform(0, 3.1)), 0.35F},
                 strength * static_cast<float>(random.uniform(0.6, 1)));
  }
}

/// Radial lines over the border of a sector: streaks and pseudopods.
void draw_streaks(Skin& skin, const Outline& outline, float strength, Random& random) {
  Field streaks = blank(skin.side, skin.side);
  const double sector = random.uniform(0, 2 * std::numbers::pi), width = random.uniform(0.6, 2.2);
  const auto count = 6 + random.below(14);
  for (std::uint64_t i = 0; i < count; ++i) {
    const double angle = sector + random.uniform(0, width);
    const cv::Point2f points[] = {outline.point(random.uniform(0.6, 0.85), angle),
                                  outline.point(1, angle + random.uniform(-0.04, 0.04)),
                                  outline.point(random.uniform(1.06, 1.25), angle + random.uniform(-0.06, 0.06))};
    draw_stroke(streaks, points, 0.05F * outline.size(), 0.02F * outline.size(), strength);
  }
  skin.melanin += streaks;
}

/// Brown of one lesion: melanin inside, more or less towards the middle, with a texture.
struct Pigment {
  float level;     ///< melanin
  float centre;    ///< change in the middle, as a share
  float mottling;  ///< strength of the cloudy variation
  double cloud;    ///< its size, canvas units
};

Field pigment(const Skin& skin, const Outline& outline, const Pigment& options, Random& random) {
  Field field = fractal(skin.side, options.cloud, 3, random);
  each(field, [&](float& value, int x, int y) {
    const float towards = std::max(0.0F, 1 - outline.radius(y, x));
    value =
        outline.inside(y, x) * options.level * std::max(0.15F, 1 + options.mottling * value + options.centre * towards);
  });
  return field;
}

void lay_network(const Skin& skin, Field& brown, const Outline& outline, Random& random) {
  const double cell = random.uniform(0.045, 0.085);
  const Field lines = network(skin.side, cell, 0.75, static_cast<float>(random.uniform(0.3, 0.55)), random);
  const auto contrast = static_cast<float>(random.uniform(0.35, 0.75));
  const auto fade = static_cast<float>(random.uniform(0, 0.6));
  each(brown, [&](float& value, int x, int y) {
    const float here = contrast * (1 - fade * (1 - std::min(1.0F, outline.radius(y, x))));
    value *= 1 - here + 1.7F * here * lines(y, x);
  });
}

}  // namespace

void draw_nv(Skin& skin, Random& random) {
  const auto u = [&](double low, double high) { return static_cast<float>(random.uniform(low, high)); };
  const bool atypical = random.chance(0.28);
  const Outline outline(skin.side,
                        {.radius = u(0.2, 0.52),
                         .elongation = u(0, 0.3),
                         .irregularity = atypical ? u(0.07, 0.15) : u(0.01, 0.06),
                         .wobble = atypical ? u(0.05, 0.12) : u(0.02, 0.06),
                         .softness = u(0.06, 0.35)},
                        random);
  Field brown =
      pigment(skin, outline,
              {.level = u(0.35, 1.5), .centre = u(-0.3, 0.5), .mottling = u(0.04, 0.2), .cloud = u(0.2, 0.5)}, random);
  const auto pattern = random.below(10);
  if (pattern < 5) lay_network(skin, brown, outline, random);
  if (pattern == 5 || pattern == 6)
    draw_dots(brown, outline, {20 + random.below(60), 0, 0.95, 0.03, 0.075}, u(0.9, 1.8), random);
  if (atypical) {
    const float darker = u(0.3, 0.9);
    brown += darker * outline.patch({.nearest = 0.1, .farthest = 0.6, .radius = u(0.3, 0.6)}, random);
  }
  skin.melanin += brown;
  skin.blood += u(0, 0.2) * outline.inside;
  if (random.chance(0.1)) skin.blue = u(0.15, 0.5) * outline.inside;  // the deep, blue naevus
}

void draw_mel(Skin& skin, Random& random) {
  const auto u = [&](double low, double high) { return static_cast<float>(random.uniform(low, high)); };
  const bool early = random.chance(0.3);
  const Outline outline(skin.side,
                        {.radius = u(0.26, 0.64),
                         .elongation = u(0.05, 0.4),
                         .irregularity = early ? u(0.05, 0.15) : u(0.12, 0.35),
                         .wobble = early ? u(0.05, 0.12) : u(0.08, 0.22),
                         .softness = u(0.04, 0.22)},
                        random);
  Field brown =
      pigment(skin, outline,
              {.level = u(0.5, 1.5), .centre = u(-0.2, 0.4), .mottling = u(0.15, 0.5), .cloud = u(0.2, 0.5)}, random);
  if (random.chance(0.55)) {
    Field irregular = brown.clone();
    lay_network(skin, irregular, outline, random);
    const Field where = outline.patch({.nearest = 0.2, .farthest = 0.8, .radius = u(0.5, 0.9)}, random);
    brown = brown.mul(1 - where) + irregular.mul(where) * 1.15;
  }
  const auto blotches = 1 + random.below(early ? 2 : 4);
  for (std::uint64_t i = 0; i < blotches; ++i) {
    const float darker = early ? u(0.4, 1.1) : u(0.7, 2.2);
    brown += darker * outline.patch({.nearest = 0.15, .farthest = 0.85, .radius = u(0.2, 0.55)}, random);
  }
  skin.melanin += brown;
  skin.blood += u(0.05, 0.25) * outline.inside;
  if (random.chance(early ? 0.25 : 0.65))
    skin.blue += u(0.3, 0.8) * outline.patch({.nearest = 0.1, .farthest = 0.7, .radius = u(0.25, 0.6)}, random);
  if (random.chance(early ? 0.15 : 0.4)) {
    const Field scar = outline.patch({.nearest = 0.2, .farthest = 0.9, .radius = u(0.2, 0.45)}, random);
    skin.melanin = skin.melanin.mul(1 - 0.7 * scar);
    skin.white += u(0.2, 0.5) * scar;
    draw_dots(skin.blue, outline, {random.below(25), 0.1, 0.8, 0.012, 0.025}, 0.6F, random);
  }
  if (random.chance(0.4))
    skin.blood += u(0.2, 0.6) * outline.patch({.nearest = 0.2, .farthest = 0.9, .radius = u(0.2, 0.5)}, random);
  if (random.chance(0.55))
    draw_dots(skin.melanin, outline, {4 + random.below(26), 0.5, 1.02, 0.02, 0.06}, u(1.5, 2.6), random);
  if (random.chance(early ? 0.15 : 0.35)) draw_streaks(skin, outline, u(1.2, 2.4), random);
}

void draw_bkl(Skin& skin, Random& random) {
  const auto u = [&](double low, double high) { return static_cast<float>(random.uniform(low, high)); };
  const Outline outline(skin.side,
                        {.radius = u(0.25, 0.6),
                         .elongation = u(0, 0.4),
                         .irregularity = u(0.03, 0.13),
                         .wobble = u(0.03, 0.1),
                         .softness = u(0.02, 0.1)},
                        random);
  const auto kind = random.below(10);
  Field brown =
      pigment(skin, outline,
              {.level = u(0.3, 1.3), .centre = u(-0.3, 0.3), .mottling = u(0.1, 0.35), .cloud = u(0.15, 0.4)}, random);
  if (kind < 4) {  // ridges and fissures, like the surface of a brain
    const Field folds = fractal(skin.side, u(0.1, 0.18), 2, random);
    const float depth = u(0.4, 1.1);
    each(brown, [&](float& value, int x, int y) {
      value += outline.inside(y, x) * depth * (1 - smooth_step(0.03F, 0.22F, std::abs(folds(y, x))));
    });
  } else if (kind < 6) {  // solar lentigo: flat, with parallel lines like a finger print
    const Field lines = network(skin.side, u(0.035, 0.055), 1, 0.5F, random);
    each(brown, [&](float& value, int x, int y) { value *= 0.75F + 0.5F * lines(y, x); });
  } else if (kind == 6) {  // lichen-planus-like: fading, with grey grains
    brown *= 0.6;
    draw_dots(skin.blue, outline, {60 + random.below(120), 0, 0.95, 0.012, 0.03}, u(0.4, 0.7), random);
  }
  skin.melanin += brown;
  skin.blood += u(0, 0.2) * outline.inside;
  skin.keratin += u(0.02, kind == 6 ? 0.1 : 0.4) * outline.inside;
  if (kind < 4 || random.chance(0.35)) {
    draw_dots(skin.white, outline, {random.below(30), 0, 0.9, 0.015, 0.05}, u(0.4, 0.85), random);
    draw_dots(skin.melanin, outline, {random.below(24), 0, 0.9, 0.025, 0.075}, u(1.2, 2.4), random);
  }
  if (random.chance(0.12))
    skin.blue += u(0.2, 0.5) * outline.patch({.nearest = 0, .farthest = 0.6, .radius = u(0.3, 0.6)}, random);
}

void draw_df(Skin& skin, Random& random) {
  const auto u = [&](double low, double high) { return static_cast<float>(random.uniform(low, high)); };
  const Outline outline(skin.side,
                        {.radius = u(0.2, 0.46),
                         .elongation = u(0, 0.25),
                         .irregularity = u(0.01, 0.07),
                         .wobble = u(0.04, 0.1),
                         .softness = u(0.2, 0.45)},
                        random);
  Field brown =
      pigment(skin, outline,
              {.level = u(0.25, 0.85), .centre = u(-0.2, 0.2), .mottling = u(0.05, 0.2), .cloud = u(0.2, 0.4)}, random);
  if (random.chance(0.75)) lay_network(skin, brown, outline, random);
  const bool scarred = random.chance(0.8);
  const Field middle = outline.patch({.nearest = 0, .farthest = 0.15, .radius = u(0.3, 0.55)}, random);
  skin.blood += u(0.05, 0.35) * outline.inside;
  if (scarred) {
    brown = brown.mul(1 - u(0.6, 0.9) * middle);
    skin.white += u(0.15, 0.5) * middle;
    skin.blood += u(0, 0.25) * middle;
  } else {
    brown += u(0.1, 0.5) * middle;  // the homogeneous form
  }
  skin.melanin += brown;
}

}  // namespace naevus::dataset::synth
