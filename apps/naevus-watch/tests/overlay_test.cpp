#include "overlay.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace naevus::watch {
namespace {

model::Card card() {
  model::Card made;
  made.name = "by-hand";
  made.classes = {"bcc", "mel", "nv"};
  made.malignant = {"bcc", "mel"};
  made.malignant_threshold = 0.3;
  made.ood_limit = 5;
  return made;
}

Look look(std::vector<float> probabilities) {
  Look made;
  made.answer.malignant = static_cast<double>(probabilities[0] + probabilities[1]);
  made.answer.probabilities = std::move(probabilities);
  return made;
}

image::Image frame(int width, int height) {
  image::Image made(width, height);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) std::fill_n(made.at(x, y), 3, static_cast<std::uint8_t>(100 + (x + y) % 90));
  return made;
}

/// Lengths of the bars of that colour from the top down, in pixels.
std::vector<int> bars(const image::Image& picture, const Colour& colour) {
  std::vector<int> lengths;
  bool inside = false;
  for (int y = 0; y < picture.height; ++y) {
    int count = 0;
    for (int x = 0; x < picture.width; ++x) count += std::equal(colour.begin(), colour.end(), picture.at(x, y)) ? 1 : 0;
    if (count > 0 && !inside) lengths.push_back(0);
    inside = count > 0;
    if (inside) lengths.back() = std::max(lengths.back(), count);
  }
  return lengths;
}

TEST(Overlay, DrawsAClassAsLongAsItIsProbableTheMostProbableFirst) {
  const auto drawn = draw_overlay(frame(960, 720), {.card = card(), .look = look({0.25F, 0.05F, 0.7F})});
  EXPECT_EQ(bars(drawn, class_colour), (std::vector<int>{280, 100, 20}));
}

TEST(Overlay, ShowsTheMalignantShareInAnotherColourFromTheThresholdOn) {
  const auto calm = draw_overlay(frame(960, 720), {.card = card(), .look = look({0.25F, 0, 0.75F})});
  EXPECT_EQ(bars(calm, calm_colour), std::vector<int>{100});
  EXPECT_TRUE(bars(calm, alarm_colour).empty());
  const auto alarm = draw_overlay(frame(960, 720), {.card = card(), .look = look({0.25F, 0.5F, 0.25F})});
  EXPECT_EQ(bars(alarm, alarm_colour), std::vector<int>{300 - 2});  // the tick of the threshold is in it
  EXPECT_TRUE(bars(alarm, calm_colour).empty());
}

TEST(Overlay, LeavesThePictureAsItIsButForTheSquaresEdge) {
  const auto picture = frame(960, 720);
  const auto drawn = draw_overlay(picture, {.card = card(), .look = look({0.2F, 0.2F, 0.6F})});
  ASSERT_EQ(drawn.height, 720);
  ASSERT_EQ(drawn.width, 960 + bar_width + 40);
  const Square square = square_of(picture);
  EXPECT_EQ(square.x, 120);
  int changed = 0;
  for (int y = 5; y < 715; ++y)
    for (int x = 0; x < 960; ++x)
      if (!std::equal(drawn.at(x, y), drawn.at(x, y) + 3, picture.at(x, y))) {
        ++changed;
        EXPECT_TRUE(std::abs(x - square.x) < 4 || std::abs(x - square.x - square.side) < 4) << x << ' ' << y;
      }
  EXPECT_GT(changed, 2 * 710);
}

TEST(Overlay, SaysWhatIsWrongWithThePictureAndWithTheAnswer) {
  const auto one = card();
  const Look good = look({0.2F, 0.2F, 0.6F});
  Look blurred = good, unlike = good;
  blurred.findings = {{"blurred", image::quality_words("blurred")}};
  unlike.answer.ood_score = 6;
  std::vector<image::Image> all;
  for (const Shown& shown : {Shown{one, good}, Shown{one, blurred}, Shown{one, unlike}, Shown{one, good, true},
                             Shown{one, good, false, "saved"}})
    all.push_back(draw_overlay(frame(320, 240), shown));
  for (std::size_t a = 0; a < all.size(); ++a)
    for (std::size_t b = 0; b < a; ++b) EXPECT_NE(all[a], all[b]) << a << ' ' << b;
}

TEST(Overlay, TakesFramesOfAnyShape) {
  for (const auto& [width, height] : {std::pair{1, 1}, {3, 1000}, {4000, 3}, {1920, 1080}})
    EXPECT_EQ(draw_overlay(frame(width, height), {.card = card(), .look = look({0, 0, 1})}).height, view_height);
}

}  // namespace
}  // namespace naevus::watch
