#include "naevus/evaluate/skin_tone.hpp"

#include <gtest/gtest.h>

#include <array>

#include "naevus/base/error.hpp"

namespace naevus::evaluate {
namespace {

/// Skin of one colour with a dark lesion in the middle, marked.
struct Example {
  image::Image picture{120, 90};
  image::Mask lesion{120, 90};

  explicit Example(std::array<std::uint8_t, 3> skin) {
    for (int y = 0; y < 90; ++y)
      for (int x = 0; x < 120; ++x) {
        const bool inside = x >= 45 && x < 75 && y >= 30 && y < 60;
        for (std::size_t c = 0; c < 3; ++c) picture.at(x, y)[c] = inside ? 60 : skin[c];
        if (inside) lesion.values[static_cast<std::size_t>(y * 120 + x)] = 255;
      }
  }
};

// atan2(L* - 50, b*) of scikit-image 0.26.0's rgb2lab.
TEST(SkinTone, IsTheAngleOfTheSkinsColour) {
  const auto angle = [](std::array<std::uint8_t, 3> skin) {
    const Example example(skin);
    return typology_angle(example.picture, example.lesion).value();
  };
  EXPECT_NEAR(angle({240, 215, 205}), 77.9062, 0.02);
  EXPECT_NEAR(angle({225, 188, 165}), 60.1066, 0.02);
  EXPECT_NEAR(angle({198, 140, 110}), 28.1063, 0.02);
  EXPECT_NEAR(angle({141, 85, 36}), -12.6070, 0.02);
  EXPECT_NEAR(angle({90, 60, 50}), -61.8618, 0.02);
}

TEST(SkinTone, IsNamedByItsBand) {
  EXPECT_EQ(skin_tone(60), "very light");
  EXPECT_EQ(skin_tone(55), "light");
  EXPECT_EQ(skin_tone(30), "intermediate");
  EXPECT_EQ(skin_tone(11), "tan");
  EXPECT_EQ(skin_tone(0), "brown");
  EXPECT_EQ(skin_tone(-40), "dark");
}

TEST(SkinTone, IsNotKnownWithoutALesionOrWithoutSkin) {
  Example example({225, 188, 165});
  EXPECT_FALSE(typology_angle(example.picture, image::Mask(120, 90)));
  image::Mask everywhere(120, 90);
  for (auto& value : everywhere.values) value = 255;
  EXPECT_FALSE(typology_angle(example.picture, everywhere));
  EXPECT_THROW(typology_angle(example.picture, image::Mask(90, 120)), InputError);
}

TEST(SkinTone, DoesNotSeeTheLesionNorDarkCorners) {
  const Example plain({200, 160, 130});
  Example dark = plain;
  for (int y = 0; y < 90; ++y)
    for (int x = 0; x < 30; ++x)
      for (std::size_t c = 0; c < 3; ++c) dark.picture.at(x, y)[c] = 5;
  EXPECT_NEAR(typology_angle(dark.picture, dark.lesion).value(), typology_angle(plain.picture, plain.lesion).value(),
              1e-9);
}

}  // namespace
}  // namespace naevus::evaluate
