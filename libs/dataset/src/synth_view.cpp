#include "synth_view.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>

#include "synth_field.hpp"

namespace naevus::dataset::synth {
namespace {

using Picture = cv::Mat_<cv::Vec3f>;

/// Share of the canvas' half side that half of the picture's longer side shows at zoom 1.
constexpr double usual_frame = 0.8;

float draw(Random& random, double low, double high) {
  return static_cast<float>(random.uniform(low, high));
}

/// What lengths in pixels are meant for: a picture of 224 pixels.
float unit(const Picture& picture) {
  return static_cast<float>(std::max(picture.rows, picture.cols)) / 224;
}

Picture frame(const Picture& skin, int width, int height, Random random) {
  const double zoom = random.uniform(0.82, 1.25), turn = random.uniform(0, 2 * std::numbers::pi);
  const double scale = usual_frame / zoom * skin.cols / std::max(width, height);
  const double c = scale * std::cos(turn), s = scale * std::sin(turn);
  const double middle = (skin.cols - 1) / 2.0;
  const double x = middle + random.uniform(-0.06, 0.06) * skin.cols,
               y = middle + random.uniform(-0.06, 0.06) * skin.cols;
  const double cx = (width - 1) / 2.0, cy = (height - 1) / 2.0;
  const cv::Matx23d map(c, -s, x - c * cx + s * cy, s, c, y - s * cx - c * cy);
  Picture picture;
  cv::warpAffine(skin, picture, map, {width, height}, cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_REFLECT_101);
  const double blur = random.uniform(-0.3, 0.9) * static_cast<double>(unit(picture));
  if (blur > 0.25) cv::GaussianBlur(picture, picture, {}, blur, blur, cv::BORDER_REFLECT_101);
  return picture;
}

/// Mixes a colour into the picture where the cover is not 0.
void paint(Picture& picture, const Field& cover, const cv::Vec3f& colour) {
  for (int y = 0; y < picture.rows; ++y)
    for (int x = 0; x < picture.cols; ++x)
      if (const float share = cover(y, x); share > 0) picture(y, x) += share * (colour - picture(y, x));
}

void add_hairs(Picture& picture, Random random) {
  if (!random.chance(0.4)) return;
  const auto count = 1 + (random.chance(0.3) ? random.below(30) : random.below(8));
  const bool fair = random.chance(0.25);
  const float tone = fair ? draw(random, 0.5, 0.75) : draw(random, 0.05, 0.22);
  const cv::Vec3f colour(tone, tone * draw(random, 0.7, 0.92), tone * draw(random, 0.45, 0.8));
  const float main_direction = draw(random, 0, 2 * std::numbers::pi), spread = draw(random, 0.15, 0.9);
  const float width = draw(random, 0.7, 2.0) * unit(picture),
              longest = static_cast<float>(std::max(picture.rows, picture.cols));
  Field cover = blank(picture.rows, picture.cols);
  for (std::uint64_t i = 0; i < count; ++i) {
    const cv::Point2f start(draw(random, -0.2, 1) * static_cast<float>(picture.cols),
                            draw(random, -0.2, 1) * static_cast<float>(picture.rows));
    const auto hair = wander({start, main_direction + spread * static_cast<float>(random.normal()),
                              longest * draw(random, 0.02, 0.06), 0.13F, 18},
                             random);
    draw_stroke(cover, hair, width * draw(random, 0.7, 1.2), 0.4F * width, draw(random, 0.65, 0.95));
  }
  paint(picture, cover, colour);
}

void add_bubbles(Picture& picture, Random random) {
  if (!random.chance(0.18)) return;
  Field bright = blank(picture.rows, picture.cols), dark = bright.clone();
  const auto count = 1 + random.below(9);
  for (std::uint64_t i = 0; i < count; ++i) {
    const float x = draw(random, 0, picture.cols), y = draw(random, 0, picture.rows);
    const float radius = draw(random, 1.5, 9) * unit(picture), glint = draw(random, 0.15, 0.3) * radius;
    Field ring = blank(picture.rows, picture.cols);
    draw_ellipse(ring, {x, y, radius, radius, 0, 0.12F}, 0.45F);
    Field inner = blank(picture.rows, picture.cols);
    draw_ellipse(inner, {x, y, radius * 0.84F, radius * 0.84F, 0, 0.15F}, 0.45F);
    bright = cv::max(bright, cv::max(ring - inner, 0) * 0.8);
    draw_ellipse(dark, {x, y, radius * 1.12F, radius * 1.12F, 0, 0.12F}, 0.16F);
    draw_ellipse(bright, {x - 0.4F * radius, y - 0.4F * radius, glint, glint * 0.7F, 0.8F, 0.4F}, 0.95F);
  }
  paint(picture, dark, {0.2F, 0.15F, 0.13F});
  paint(picture, bright, {1, 1, 1});
}

void add_ruler(Picture& picture, Random random) {
  if (!random.chance(0.06)) return;
  const float step = draw(random, 8, 14) * unit(picture), length = draw(random, 5, 9) * unit(picture);
  const float width = std::max(0.8F, draw(random, 0.6, 1.2) * unit(picture));
  const auto edge = random.below(4);
  const bool across = edge % 2 == 0;
  const float far = static_cast<float>(across ? picture.rows : picture.cols);
  const float run = static_cast<float>(across ? picture.cols : picture.rows);
  Field cover = blank(picture.rows, picture.cols);
  int tick = 0;
  for (float at = draw(random, 0, step); at < run; at += step, ++tick) {
    const float from = edge < 2 ? 0 : far, reach = (tick % 5 == 0 ? 2.0F : 1.0F) * length;
    const float to = edge < 2 ? reach : far - reach;
    const cv::Point2f line[] = {across ? cv::Point2f(at, from) : cv::Point2f(from, at),
                                across ? cv::Point2f(at, to) : cv::Point2f(to, at)};
    draw_stroke(cover, line, width, width, 0.85F);
  }
  paint(picture, cover, {0.08F, 0.08F, 0.1F});
}

/// Exposure, white balance, a slope of light, a vignette, sometimes the dark rim of the dermoscope.
void light(Picture& picture, Random random) {
  const float exposure = draw(random, 0.86, 1.1), gamma = draw(random, 0.9, 1.15);
  const cv::Vec3f balance(draw(random, 0.95, 1.05), draw(random, 0.95, 1.05), draw(random, 0.92, 1.1));
  const float direction = draw(random, 0, 2 * std::numbers::pi), slope = draw(random, 0, 0.12);
  const float vignette = random.chance(0.6) ? draw(random, 0.05, 0.4) : 0.0F;
  const float rim = random.chance(0.14) ? draw(random, 0.98, 1.25) : 1e9F;  // in halves of the longer side
  const float middle_x = draw(random, -0.06, 0.06), middle_y = draw(random, -0.06, 0.06);
  const float half = static_cast<float>(std::max(picture.cols, picture.rows)) / 2;
  const cv::Vec3f gain = exposure * balance;
  for (int y = 0; y < picture.rows; ++y)
    for (int x = 0; x < picture.cols; ++x) {
      const float u = (static_cast<float>(x) + 0.5F - static_cast<float>(picture.cols) / 2) / half - middle_x;
      const float v = (static_cast<float>(y) + 0.5F - static_cast<float>(picture.rows) / 2) / half - middle_y;
      const float squared = u * u + v * v;
      float level =
          1 + slope * (u * std::cos(direction) + v * std::sin(direction)) - vignette * squared * squared * 0.5F;
      if (squared > rim * rim * 0.8F) level *= 1 - 0.97F * smooth_step(rim - 0.02F, rim + 0.02F, std::sqrt(squared));
      picture(y, x) = std::max(level, 0.0F) * picture(y, x).mul(gain);
    }
  cv::max(picture, cv::Scalar::all(0), picture);
  cv::pow(picture, gamma, picture);
}

/// Noise of the sensor (the sum of two even draws for each channel), then 8 bits.
image::Image sense(const Picture& picture, Random random) {
  const float grain = draw(random, 0.5, 3.5) / 255 * 2.45F;  // the sum has a standard deviation of 0.41
  image::Image image(picture.cols, picture.rows);
  for (int y = 0; y < picture.rows; ++y)
    for (int x = 0; x < picture.cols; ++x) {
      std::uint64_t bits = random.next();
      std::uint8_t* const out = image.at(x, y);
      for (int c = 0; c < 3; ++c, bits >>= 20) {
        const float noise = static_cast<float>((bits & 1023) + (bits >> 10 & 1023)) / 1023 - 1;
        out[c] = static_cast<std::uint8_t>(std::clamp(255 * (picture(y, x)[c] + grain * noise) + 0.5F, 0.0F, 255.0F));
      }
    }
  return image;
}

}  // namespace

image::Image photograph(const cv::Mat_<cv::Vec3f>& skin, int width, int height, Random view) {
  const auto stream = [&] { return Random(view.next()); };
  Picture picture = frame(skin, width, height, stream());
  add_hairs(picture, stream());
  add_bubbles(picture, stream());
  add_ruler(picture, stream());
  light(picture, stream());
  return sense(picture, stream());
}

}  // namespace naevus::dataset::synth
