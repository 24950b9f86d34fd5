#include "naevus/image/hair.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "drawn.hpp"
#include "naevus/base/error.hpp"

namespace naevus::image {
namespace {

struct Hair {
  double x0, y0, x1, y1;
};
const std::vector<Hair> hairs = {
    {5, 10, 215, 70}, {30, 215, 90, 8}, {0, 150, 223, 145}, {200, 220, 140, 10}, {20, 90, 120, 200}};

/// In share of what either says.
double agreement(const Mask& found, const Image& haired, const Image& clean) {
  double both = 0, either = 0;
  for (std::size_t i = 0; i < found.values.size(); ++i) {
    // Covered by half: half of the way to the hair's colour.
    const bool truth = std::abs(haired.pixels[3 * i] - clean.pixels[3 * i]) > 30;
    both += found.values[i] != 0 && truth, either += found.values[i] != 0 || truth;
  }
  return both / either;
}

TEST(Hair, DrawnHairIsFoundAndFilled) {
  const Image clean = drawn_picture();
  for (const Color& color : {Color{30, 20, 15}, Color{252, 250, 245}}) {
    Image haired = clean;
    for (const Hair& hair : hairs) draw_line(haired, hair.x0, hair.y0, hair.x1, hair.y1, 2.5, color);
    EXPECT_GE(agreement(hair_mask(haired), haired, clean), 0.6);
    const Image removed = remove_hair(haired);
    double before = 0, after = 0;
    for (std::size_t i = 0; i < clean.pixels.size(); ++i)
      before += std::abs(haired.pixels[i] - clean.pixels[i]), after += std::abs(removed.pixels[i] - clean.pixels[i]);
    EXPECT_LT(after, before / 3);
  }
}

TEST(Hair, AMeshLikeAPigmentNetworkIsLeftAlone) {
  Image image = drawn_picture();
  // A honeycomb: dark where the next of the cells' centres is far.
  constexpr double cell = 9, row = 0.866 * cell;
  for (int y = 60; y < 165; ++y) {
    for (int x = 60; x < 165; ++x) {
      double nearest = cell;
      for (int j = static_cast<int>(y / row) - 1; j <= static_cast<int>(y / row) + 2; ++j) {
        const double shift = j % 2 == 0 ? 0 : cell / 2;
        const double centre = std::round((x - shift) / cell) * cell + shift;
        nearest = std::min(nearest, std::hypot(x - centre, y - j * row));
      }
      mix(image, x, y, {60, 32, 22}, std::clamp(nearest - 2.8, 0.0, 1.0));
    }
  }
  const Image same = remove_hair(image);
  int changed = 0;
  for (int y = 60; y < 165; ++y)
    for (int x = 60; x < 165; ++x)
      changed += !std::equal(same.at(x, y), same.at(x, y) + 3, std::as_const(image).at(x, y));
  EXPECT_LT(changed, 105 * 105 / 100);
}

TEST(Hair, APictureWithoutIsReturnedAsItWas) {
  EXPECT_EQ(remove_hair(drawn_picture()), drawn_picture());
}

TEST(Hair, OnlyMaskedPixelsAndTheirNeighboursChange) {
  Image image = drawn_picture(448, 450);
  for (const Hair& hair : hairs) draw_line(image, 2 * hair.x0, 2 * hair.y0, 2 * hair.x1, 2 * hair.y1, 4, {30, 20, 15});
  const Mask mask = hair_mask(image);
  const Image removed = remove_hair(image);
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      if (std::equal(removed.at(x, y), removed.at(x, y) + 3, std::as_const(image).at(x, y))) continue;
      bool near = false;
      for (int v = std::max(0, y - 3); v <= std::min(image.height - 1, y + 3); ++v)
        for (int u = std::max(0, x - 3); u <= std::min(image.width - 1, x + 3); ++u) near = near || mask.at(u, v);
      ASSERT_TRUE(near) << x << ", " << y;
    }
  }
}

TEST(Hair, AnyShapeIsTaken) {
  for (const auto& [width, height] : {std::pair(1, 1), {1, 300}, {300, 1}, {5, 2000}, {17, 16}})
    EXPECT_EQ(remove_hair(drawn_skin(width, height)).pixels.size(),
              3 * static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  EXPECT_THROW(hair_mask(Image()), InputError);
  EXPECT_THROW(remove_hair(Image()), InputError);
}

}  // namespace
}  // namespace naevus::image
