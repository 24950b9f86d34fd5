#include <numbers>

#include "synth_lesion.hpp"

/// Actinic keratosis and Bowen's disease, basal cell carcinoma, vascular lesions: what is mainly pink or red.
namespace naevus::dataset::synth {
namespace {

/// A vessel that wanders, thins out and branches.
struct Vessel {
  cv::Point2f start;
  float direction, width, length;
  int generations;
};

void draw_vessel(Field& field, const Vessel& vessel, float strength, Random& random) {
  constexpr int steps = 10;
  const auto path = wander({vessel.start, vessel.direction, vessel.length / steps, 0.35F, steps}, random);
  draw_stroke(field, path, vessel.width, 0.6F * vessel.width, strength);
  if (vessel.generations == 0) return;
  const auto branches = 2 + random.below(2);
  for (std::uint64_t i = 0; i < branches; ++i) {
    const auto from = 3 + random.below(steps - 2);
    const float side = random.chance(0.5) ? 1.0F : -1.0F;
    draw_vessel(
        field,
        {path[from], vessel.direction + side * static_cast<float>(random.uniform(0.3, 1.1)), 0.62F * vessel.width,
         vessel.length * static_cast<float>(random.uniform(0.4, 0.75)), vessel.generations - 1},
        strength * 0.9F, random);
  }
}

/// Flakes of scale: a threshold on noise, inside the lesion.
Field flakes(const Skin& skin, const Outline& outline, double size, float amount, Random& random) {
  Field field = fractal(skin.side, size, 4, random);
  each(field, [&](float& value, int x, int y) {
    value = outline.inside(y, x) * smooth_step(0.55F - amount, 0.75F - amount, value);
  });
  return field;
}

}  // namespace

void draw_akiec(Skin& skin, Random& random) {
  const auto u = [&](double low, double high) { return static_cast<float>(random.uniform(low, high)); };
  const Outline outline(skin.side,
                        {.radius = u(0.26, 0.62),
                         .elongation = u(0, 0.4),
                         .irregularity = u(0.05, 0.16),
                         .wobble = u(0.08, 0.2),
                         .softness = u(0.1, 0.45)},
                        random);
  const float red = u(0.2, 0.75);
  const Field clouds = fractal(skin.side, u(0.2, 0.4), 3, random);
  each(skin.blood,
       [&](float& value, int x, int y) { value += outline.inside(y, x) * red * (0.8F + 0.35F * clouds(y, x)); });
  if (random.chance(0.55)) {  // strawberry: pale follicles, each in a red net
    const Cells follicles = cells(skin.side, u(0.09, 0.15), 0.85, random);
    const float net = u(0.15, 0.5), plug = u(0.15, 0.45);
    each(skin.blood, [&](float& value, int x, int y) {
      const float inside = outline.inside(y, x), hole = 1 - smooth_step(0.15F, 0.42F, follicles.centre(y, x));
      value += inside * net * (0.4F - hole);
      skin.keratin(y, x) += 0.5F * inside * plug * hole;
      skin.white(y, x) += 0.6F * inside * plug * hole;
    });
  } else {  // dotted and coiled vessels in clusters
    Field dots = blank(skin.side, skin.side);
    const auto count = 20 + random.below(90);
    for (std::uint64_t i = 0; i < count; ++i) {
      const cv::Point2f at = outline.random_point(0, 0.95, random);
      const float radius = u(0.012, 0.035) * outline.size();
      draw_ellipse(dots, {at.x, at.y, radius, radius, 0, 0.5F}, u(0.3, 0.8));
    }
    skin.blood += dots;
  }
  if (random.chance(0.75)) {
    const Field scale = flakes(skin, outline, u(0.12, 0.35), u(0.05, 0.5), random);
    skin.white += u(0.25, 0.6) * scale;
    skin.keratin += u(0.05, 0.5) * scale;
  }
  if (random.chance(0.3)) {  // the pigmented form
    const Field clouded = fractal(skin.side, u(0.1, 0.3), 3, random);
    const float level = u(0.3, 0.8);
    each(skin.melanin, [&](float& value, int x, int y) {
      value += outline.inside(y, x) * level * std::max(0.0F, 0.75F + 0.5F * clouded(y, x));
    });
  }
}

void draw_bcc(Skin& skin, Random& random) {
  const auto u = [&](double low, double high) { return static_cast<float>(random.uniform(low, high)); };
  const Outline outline(skin.side,
                        {.radius = u(0.24, 0.6),
                         .elongation = u(0, 0.35),
                         .irregularity = u(0.03, 0.14),
                         .wobble = u(0.05, 0.14),
                         .softness = u(0.08, 0.35)},
                        random);
  skin.blood += u(0.08, 0.42) * outline.inside;
  skin.melanin = skin.melanin.mul(1 - u(0.1, 0.5) * outline.inside);
  skin.white += u(0.04, 0.26) * outline.inside;
  if (random.chance(0.85)) {
    Field vessels = blank(skin.side, skin.side);
    const auto count = 2 + random.below(5);
    for (std::uint64_t i = 0; i < count; ++i) {
      const double angle = random.uniform(0, 2 * std::numbers::pi);
      const cv::Point2f from = outline.point(random.uniform(0.6, 1.05), angle),
                        middle = outline.random_point(0, 0.5, random);
      const float direction = std::atan2(middle.y - from.y, middle.x - from.x);
      draw_vessel(vessels, {from, direction, u(0.03, 0.06) * outline.size(), u(0.5, 1) * outline.size(), 2}, u(0.5, 1),
                  random);
    }
    skin.blood += vessels;
    skin.melanin += 0.15 * vessels;
  }
  if (random.chance(0.6)) {  // blue-grey ovoid nests, or a pigmented tumour full of them
    Field nests = blank(skin.side, skin.side);
    const auto count = random.chance(0.25) ? 10 + random.below(20) : 1 + random.below(7);
    for (std::uint64_t i = 0; i < count; ++i) {
      const cv::Point2f at = outline.random_point(0.1, 0.95, random);
      const float radius = u(0.04, 0.2) * outline.size();
      draw_ellipse(nests, {at.x, at.y, radius, radius * u(0.5, 1), u(0, 3.1), 0.45F}, u(0.5, 1));
    }
    skin.blue += u(0.35, 0.8) * nests;
    skin.melanin += u(0.3, 1.3) * nests;
  }
  if (random.chance(0.3)) {  // an ulcer with its crust
    const Field ulcer = outline.patch({.nearest = 0, .farthest = 0.5, .radius = u(0.15, 0.4)}, random);
    skin.blood += u(0.5, 1.3) * ulcer;
    skin.melanin += u(0.2, 0.9) * ulcer;
    skin.keratin += u(0, 0.3) * ulcer;
  }
}

void draw_vasc(Skin& skin, Random& random) {
  const auto u = [&](double low, double high) { return static_cast<float>(random.uniform(low, high)); };
  const Outline outline(skin.side,
                        {.radius = u(0.18, 0.5),
                         .elongation = u(0, 0.3),
                         .irregularity = u(0.02, 0.1),
                         .wobble = u(0.02, 0.08),
                         .softness = u(0.04, 0.2)},
                        random);
  const float red = u(0.3, 1.5), dark = random.chance(0.45) ? u(0.2, 1.3) : 0.0F;
  const auto kind = random.below(10);
  if (kind < 6) {  // lacunae: round pools parted by pale septa
    const Cells pools = cells(skin.side, outline.size() / static_cast<float>(skin.side) * u(0.5, 1.1), 0.9, random);
    const Field depth = noise(skin.side, 0.25, random);
    const float base = u(0.2, 0.6);
    each(skin.blood, [&](float& value, int x, int y) {
      const float inside = outline.inside(y, x), pool = smooth_step(0.06F, 0.35F, pools.border(y, x));
      const float deep = std::max(0.0F, 0.8F + 0.6F * depth(y, x));
      value += inside * red * (base + (1 - base) * pool * deep);
      skin.melanin(y, x) += inside * dark * pool * deep;
      skin.blue(y, x) += 0.35F * inside * dark * pool * deep;
    });
  } else if (kind < 9) {  // even red to purple, as an angioma or a haemorrhage
    const Field clouds = fractal(skin.side, u(0.15, 0.4), 3, random);
    each(skin.blood, [&](float& value, int x, int y) {
      value += outline.inside(y, x) * red * (0.9F + 0.35F * clouds(y, x));
      skin.melanin(y, x) += 0.8F * outline.inside(y, x) * dark;
    });
  } else {  // pyogenic granuloma: red with a white collarette and veil
    each(skin.blood, [&](float& value, int x, int y) {
      const float at = outline.radius(y, x), rim = smooth_step(0.75F, 0.95F, at) * (1 - smooth_step(1.0F, 1.15F, at));
      value += outline.inside(y, x) * red;
      skin.white(y, x) += 0.4F * rim;
    });
  }
  if (random.chance(0.35))
    skin.white += u(0.1, 0.35) * outline.patch({.nearest = 0, .farthest = 0.5, .radius = u(0.3, 0.6)}, random);
  if (random.chance(0.15)) {  // a clot
    const Field clot = outline.patch({.nearest = 0, .farthest = 0.7, .radius = u(0.15, 0.35)}, random);
    skin.melanin += u(1, 2.2) * clot;
  }
}

}  // namespace naevus::dataset::synth
