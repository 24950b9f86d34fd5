#include "naevus/image/measure.hpp"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

#include "drawn.hpp"
#include "naevus/base/error.hpp"
#include "naevus/image/decode.hpp"
#include "naevus/image/encode.hpp"
#include "naevus/image/lesion.hpp"

namespace naevus::image {
namespace {

Image blurred(const Image& image, double sigma) {
  Image out = image;
  cv::Mat pixels(out.height, out.width, CV_8UC3, out.pixels.data());
  cv::GaussianBlur(pixels, pixels, {}, sigma);
  return out;
}

Image scaled(const Image& image, double factor, double offset = 0) {
  Image out = image;
  for (std::uint8_t& v : out.pixels) v = static_cast<std::uint8_t>(std::clamp(v * factor + offset, 0.0, 255.0));
  return out;
}

TEST(Quality, SharpnessFallsWithEveryBlur) {
  Image image = drawn_picture();
  draw_line(image, 10, 20, 200, 60, 2, {30, 20, 20});
  double last = measure_quality(image).sharpness;
  for (const double sigma : {0.7, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0}) {
    const double now = measure_quality(blurred(image, sigma)).sharpness;
    EXPECT_LT(now, last) << "sigma " << sigma;
    last = now;
  }
}

TEST(Quality, AFewSharpHairsDoNotMakeABlurredPictureSharp) {
  const Image soft = blurred(drawn_picture(), 4);
  Image haired = soft;
  draw_line(haired, 10, 30, 210, 40, 2, {30, 20, 20});
  EXPECT_LT(measure_quality(haired).sharpness, measure_quality(drawn_picture()).sharpness);
}

TEST(Quality, LumaFollowsTheLight) {
  const Image image = drawn_picture();
  const Quality usual = measure_quality(image), dark = measure_quality(scaled(image, 0.3));
  EXPECT_NEAR(dark.luma_95, 0.3 * usual.luma_95, 0.02);
  EXPECT_NEAR(dark.luma_50, 0.3 * usual.luma_50, 0.02);
  EXPECT_LT(dark.luma_95, QualityLimits{}.least_luma_95);
  const Quality pale = measure_quality(scaled(image, 1, 150));
  EXPECT_GT(pale.luma_5, QualityLimits{}.most_luma_5);
  EXPECT_GT(pale.clipped_bright, QualityLimits{}.most_clipped_bright);
  EXPECT_EQ(usual.clipped_bright, 0);
  EXPECT_LT(measure_quality(scaled(image, 0.2, 120)).contrast, usual.contrast / 4);
}

// ITU-R BT.601: grey 100 has luma 100; half of the pixels 100, half 200 carry one bit.
TEST(Quality, PercentilesAndEntropyOfTwoGreyLevels) {
  Image image(224, 224);
  for (int y = 0; y < 224; ++y) std::fill_n(image.at(0, y), 3 * 224, std::uint8_t(y < 112 ? 100 : 200));
  const Quality quality = measure_quality(image);
  EXPECT_DOUBLE_EQ(quality.luma_5, 100.0 / 255);
  EXPECT_DOUBLE_EQ(quality.luma_95, 200.0 / 255);
  EXPECT_DOUBLE_EQ(quality.entropy, 1);
}

TEST(Quality, BlockinessRisesAsJpegQualityFalls) {
  const Image image = drawn_picture();
  double last = measure_quality(decode(encode_jpeg(image, 90))).blockiness;
  for (const int quality : {40, 20, 8}) {
    const double now = measure_quality(decode(encode_jpeg(image, quality))).blockiness;
    EXPECT_GT(now, last) << quality;
    last = now;
  }
  EXPECT_GT(last, QualityLimits{}.most_blockiness);
  EXPECT_LT(measure_quality(image).blockiness, 0.2);
}

TEST(Quality, TheBlackSurroundOfARoundFieldIsNotDarkness) {
  Image image = drawn_picture();
  const Quality open = measure_quality(image);
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x)
      if (std::hypot(x - 111.5, y - 111.5) > 110) mix(image, x, y, {5, 5, 5}, 1);
  }
  EXPECT_NEAR(measure_quality(image).luma_5, open.luma_5, 0.05);
  EXPECT_TRUE(find_artefacts(image).vignette.found());
}

TEST(Lesion, ADrawnDiscHasItsAreaAndPlace) {
  for (const int side : {150, 224, 450, 900}) {
    Image image = drawn_skin(side * 4 / 3, side);
    draw_lesion(image, 0.55 * image.width, 0.45 * side, 0.2 * side);
    const Lesion lesion = find_lesion(image);
    ASSERT_TRUE(lesion.found) << side;
    EXPECT_NEAR(lesion.area, 3.14159 * 0.04 * 3 / 4, 0.012) << side;
    EXPECT_NEAR(lesion.center_x, 0.55, 0.01) << side;
    EXPECT_NEAR(lesion.center_y, 0.45, 0.01) << side;
    EXPECT_EQ(lesion.border, 0) << side;
  }
}

TEST(Lesion, OneThatThePictureCutsTouchesTheBorder) {
  Image image = drawn_skin(224, 224);
  draw_lesion(image, 200, 112, 70);
  EXPECT_GT(find_lesion(image).border, 0.05);
}

TEST(Lesion, NoneIsFoundOnBareSkin) {
  EXPECT_FALSE(find_lesion(drawn_skin(224, 224)).found);
  EXPECT_EQ(std::ranges::count(lesion_mask(drawn_skin(224, 224)).values, 255), 0);
}

void draw_ruler(Image& image, double y) {
  for (int i = 0; i < 12; ++i)
    draw_line(image, 40 + 11 * i, y, 40 + 11 * i, y + (i % 5 == 0 ? 14 : 9), 1.5, {20, 20, 20});
}

TEST(Artefacts, EachDrawnOneIsFoundAndACleanPictureHasNone) {
  const Image clean = drawn_picture();
  const Artefacts none = find_artefacts(clean);
  for (const Artefact a : {none.hair, none.ruler, none.ink, none.vignette, none.bubbles, none.patches})
    EXPECT_FALSE(a.found());

  Image ruler = clean;
  draw_ruler(ruler, 200);
  EXPECT_TRUE(find_artefacts(ruler).ruler.found());
  EXPECT_FALSE(find_artefacts(ruler).hair.found());

  Image hair = clean;
  for (int i = 0; i < 6; ++i) draw_line(hair, 5, 20 + 35 * i, 215, 35 + 28 * i, 2, {40, 25, 20});
  EXPECT_TRUE(find_artefacts(hair).hair.found());
  EXPECT_FALSE(find_artefacts(hair).ink.found());

  Image ink = clean;
  draw_line(ink, 15, 30, 60, 20, 6, {90, 60, 160});
  draw_line(ink, 20, 15, 50, 40, 6, {90, 60, 160});
  EXPECT_TRUE(find_artefacts(ink).ink.found());
  EXPECT_FALSE(find_artefacts(ink).patches.found());

  Image patch = clean;
  draw_lesion(patch, 224, 60, 40, {20, 130, 200});
  EXPECT_TRUE(find_artefacts(patch).patches.found());
  EXPECT_FALSE(find_artefacts(patch).ink.found());
}

TEST(Measures, AreNearlyTheSameUnderTheEightSymmetries) {
  Image image = drawn_picture();
  draw_ruler(image, 195);
  for (int i = 0; i < 4; ++i) draw_line(image, 5, 20 + 25 * i, 215, 40 + 15 * i, 2, {40, 25, 20});
  const Measures upright = measure(image);
  for (int which = 1; which < 8; ++which) {
    const Measures turned = measure(symmetric(image, which));
    EXPECT_NEAR(turned.quality.sharpness, upright.quality.sharpness, 0.02) << which;
    EXPECT_NEAR(turned.quality.luma_50, upright.quality.luma_50, 0.01) << which;
    EXPECT_NEAR(turned.quality.entropy, upright.quality.entropy, 0.05) << which;
    EXPECT_NEAR(turned.quality.blockiness, upright.quality.blockiness, 0.02) << which;
    EXPECT_NEAR(turned.quality.lesion.area, upright.quality.lesion.area, 0.01) << which;
    EXPECT_NEAR(turned.artefacts.hair.score, upright.artefacts.hair.score, 0.05) << which;
    EXPECT_NEAR(turned.artefacts.ruler.score, upright.artefacts.ruler.score, 0.1) << which;
    EXPECT_TRUE(turned.artefacts.ruler.found()) << which;
  }
}

TEST(Measures, AreTheirParts) {
  const Image image = drawn_picture(300, 225);
  const Measures measures = measure(image);
  EXPECT_EQ(measures.quality, measure_quality(image));
  EXPECT_EQ(measures.artefacts, find_artefacts(image));
  EXPECT_EQ(measures.quality.lesion, find_lesion(image));
}

TEST(Measures, AreFiniteAndInRangeForPicturesOfAnyShape) {
  const std::pair<int, int> sizes[] = {{1, 1},  {1, 2},    {1, 500},  {500, 1},  {3, 3},
                                       {9, 10}, {2, 4000}, {8000, 5}, {40, 900}, {1000, 1000}};
  for (const auto& [width, height] : sizes) {
    const Image noisy = drawn_skin(width, height);
    for (const Image& image : {Image(width, height), scaled(noisy, 0, 255), noisy}) {
      const Measures m = measure(image);
      const Quality& q = m.quality;
      for (const double share :
           {q.sharpness, q.luma_5, q.luma_50, q.luma_95, q.clipped_dark, q.clipped_bright, q.contrast, q.lesion.area,
            q.lesion.center_x, q.lesion.center_y, q.lesion.border, m.artefacts.hair.score, m.artefacts.ruler.score,
            m.artefacts.ink.score, m.artefacts.vignette.score, m.artefacts.bubbles.score, m.artefacts.patches.score}) {
        EXPECT_GE(share, 0) << width << " x " << height;
        EXPECT_LE(share, 1) << width << " x " << height;
      }
      EXPECT_GE(q.entropy, 0);
      EXPECT_LE(q.entropy, 8);
      EXPECT_GE(q.blockiness, 0);
      EXPECT_TRUE(std::isfinite(q.blockiness));
    }
  }
  EXPECT_THROW(measure(Image()), InputError);
}

TEST(Measures, OfAPlainPictureAreNothing) {
  Image image(224, 224);
  std::ranges::fill(image.pixels, std::uint8_t{180});
  const Measures m = measure(image);
  EXPECT_EQ(m.quality.sharpness, 0);
  EXPECT_EQ(m.quality.entropy, 0);
  EXPECT_EQ(m.quality.contrast, 0);
  EXPECT_EQ(m.quality.blockiness, 0);
  EXPECT_FALSE(m.quality.lesion.found);
  EXPECT_EQ(m.artefacts, Artefacts());
}

}  // namespace
}  // namespace naevus::image
