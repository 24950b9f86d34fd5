#include "naevus/copies/find_copies.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "naevus/base/error.hpp"
#include "naevus/image/decode.hpp"
#include "naevus/image/encode.hpp"
#include "naevus/image/prepare.hpp"
#include "rendered.hpp"

namespace naevus::copies {
namespace {

using image::Image;

struct Set {
  std::vector<Image> pictures;
  std::vector<Signature> signatures;

  std::size_t add(Image picture) {
    signatures.push_back(signature(picture));
    pictures.push_back(std::move(picture));
    return pictures.size() - 1;
  }
  Load load() const {
    return [this](std::size_t i) { return pictures.at(i); };
  }
};

Set others(std::size_t count) {
  Set set;
  for (std::size_t i = 0; i < count; ++i) set.add(rendered(1000 + i));
  return set;
}

std::vector<Pair> find(const Set& set) {
  WorkerPool pool(2);
  return find_copies(set.signatures, {}, set.load(), pool);
}

std::vector<Pair> find(const Set& set, const Set& against) {
  WorkerPool pool(2);
  return find_copies(set.signatures, against.signatures, {}, set.load(), against.load(), pool);
}

Image crop(const Image& from, int x, int y, int width, int height) {
  Image to(width, height);
  for (int row = 0; row < height; ++row)
    std::copy_n(from.at(x, y + row), 3 * static_cast<std::size_t>(width), to.at(0, row));
  return to;
}

Image lit(Image picture, double red, double green, double blue) {
  for (std::size_t i = 0; i < picture.pixels.size(); ++i) {
    const double factor = i % 3 == 0 ? red : i % 3 == 1 ? green : blue;
    picture.pixels[i] = static_cast<std::uint8_t>(std::min(255.0, picture.pixels[i] * factor + 0.5));
  }
  return picture;
}

Image recompressed(const Image& picture, int quality) {
  return image::decode(image::encode_jpeg(picture, quality));
}

Image with_hairs(Image picture, std::uint64_t seed) {
  Random random(seed);
  for (int hair = 0; hair < 8; ++hair) {
    const double x = random.uniform(0, picture.width), y = random.uniform(0, picture.height),
                 turn = random.uniform(0, 6);
    for (double t = 0; t < 70; t += 0.5) {
      const int px = static_cast<int>(x + t * std::cos(turn + t / 90)),
                py = static_cast<int>(y + t * std::sin(turn + t / 90));
      if (px < 0 || py < 0 || px >= picture.width || py >= picture.height) continue;
      std::fill_n(picture.at(px, py), 3, std::uint8_t{30});
    }
  }
  return picture;
}

std::map<std::string, Image> alterations(const Image& picture) {
  const int w = picture.width, h = picture.height;
  return {{"recompressed", recompressed(picture, 60)},
          {"strongly recompressed", recompressed(picture, 15)},
          {"resized", image::resize(picture, w * 6 / 10, h * 6 / 10)},
          {"enlarged", image::resize(picture, w * 2, h * 2)},
          {"cropped in a corner", crop(picture, 0, h * 8 / 100, w * 92 / 100, h * 92 / 100)},
          {"cropped to three quarters", crop(picture, w / 8, h / 8, w * 3 / 4, h * 3 / 4)},
          {"brighter", lit(picture, 1.15, 1.15, 1.15)},
          {"darker", lit(picture, 0.85, 0.85, 0.85)},
          {"with a colour cast", lit(picture, 1.15, 1, 0.85)},
          {"with hairs", with_hairs(picture, 7)}};
}

TEST(FindCopies, FindsNothingAmongDifferentPictures) {
  EXPECT_TRUE(find(others(150)).empty());
}

TEST(FindCopies, FindsExactCopiesInAllEightPositions) {
  for (const auto& [width, height] : {std::pair{160, 160}, {150, 110}, {111, 150}}) {
    for (Symmetry s = 0; s < symmetries; ++s) {
      Set set = others(5);
      const std::size_t a = set.add(rendered(1, width, height)), b = set.add(turned(set.pictures[a], s));
      const auto pairs = find(set);
      ASSERT_EQ(pairs.size(), 1U) << int{s};
      EXPECT_EQ(pairs[0].kind, Kind::exact);
      EXPECT_EQ(std::pair(pairs[0].a, pairs[0].b), std::pair(a, b));
      EXPECT_EQ(turned(set.pictures[b], pairs[0].symmetry), set.pictures[a]);
    }
  }
}

TEST(FindCopies, ProvesEqualHashesOnThePixels) {
  Set set;
  const std::size_t a = set.add(rendered(1));
  set.add(rendered(2));
  set.add(turned(set.pictures[a], 5));
  for (Signature& signature : set.signatures) signature.exact = 7;  // as if all hashes collided
  const auto pairs = find(set);
  ASSERT_EQ(pairs.size(), 1U);
  EXPECT_EQ(std::pair(pairs[0].a, pairs[0].b), (std::pair<std::size_t, std::size_t>(0, 2)));
}

TEST(FindCopies, DecodesNoExactCopyThatLiesAsItsOriginalDoes) {
  Set set;
  const std::size_t a = set.add(rendered(1)), b = set.add(set.pictures[a]);
  WorkerPool pool(1);
  const Load refuse = [](std::size_t) -> image::Image { throw InputError("decoded"); };
  const auto pairs = find_copies(set.signatures, {}, refuse, pool);
  ASSERT_EQ(pairs.size(), 1U);
  EXPECT_EQ(std::pair(pairs[0].a, pairs[0].b), std::pair(a, b));
  EXPECT_EQ(pairs[0].kind, Kind::exact);
  EXPECT_EQ(pairs[0].symmetry, 0);

  set.add(turned(set.pictures[a], 1));
  EXPECT_THROW(find_copies(set.signatures, {}, refuse, pool), InputError);
}

TEST(FindCopies, FindsAlteredCopiesInAllEightPositions) {
  std::size_t missed = 0, all = 0;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    for (const auto& [name, altered] : alterations(rendered(seed))) {
      Set set = others(20);
      const std::size_t a = set.add(rendered(seed));
      const auto s = static_cast<Symmetry>(all++ % symmetries);
      const std::size_t b = set.add(turned(altered, s));
      const auto pairs = find(set);
      if (pairs.empty()) ADD_FAILURE() << name << " " << seed << " " << ++missed;
      for (const Pair& pair : pairs) {
        EXPECT_EQ(std::pair(pair.a, pair.b), std::pair(a, b));
        EXPECT_EQ(pair.kind, Kind::altered);
        EXPECT_EQ(pair.symmetry, inverse(s)) << name;
      }
    }
  }
}

TEST(FindCopies, SaysWhereACropLies) {
  Set set;
  const Image whole = rendered(5, 200, 200);
  set.add(whole);
  set.add(turned(crop(whole, 30, 20, 150, 160), 6));
  const auto pairs = find(set);
  ASSERT_EQ(pairs.size(), 1U);
  EXPECT_NEAR(pairs[0].frame.x, 0.15, 0.01);
  EXPECT_NEAR(pairs[0].frame.y, 0.10, 0.01);
  EXPECT_NEAR(pairs[0].frame.width, 0.75, 0.01);
  EXPECT_NEAR(pairs[0].frame.height, 0.80, 0.01);
}

TEST(FindCopies, SaysTheSameOfACropThatComesFirst) {
  Set set;
  const Image whole = rendered(5, 200, 200);
  set.add(turned(crop(whole, 30, 20, 150, 160), 6));
  set.add(whole);
  const auto pairs = find(set);
  ASSERT_EQ(pairs.size(), 1U);
  // The whole, turned as the crop was, reaches beyond it on all sides.
  EXPECT_EQ(pairs[0].symmetry, 6);
  EXPECT_NEAR(pairs[0].frame.width, 1 / 0.80, 0.02);
  EXPECT_NEAR(pairs[0].frame.height, 1 / 0.75, 0.02);
}

TEST(FindCopies, KnowsTheCentreSquareOfAFrameAndTheFrameSquashed) {
  const Image frame = rendered(6, 240, 180);
  Set set = others(10);
  const std::size_t a = set.add(crop(frame, 30, 0, 180, 180));
  const std::size_t b = set.add(recompressed(image::resize(frame, 150, 112), 40));
  const std::size_t c = set.add(image::resize(frame, 128, 128));
  const auto pairs = find(set);
  std::vector<std::pair<std::size_t, std::size_t>> places;
  for (const Pair& pair : pairs) places.emplace_back(pair.a, pair.b);
  EXPECT_THAT(places, testing::ElementsAre(std::pair(a, b), std::pair(a, c), std::pair(b, c)));
}

TEST(FindCopies, TellsRoundSpotsOnNearlyPlainSkinApart) {
  Set set;
  for (std::uint64_t seed = 0; seed < 60; ++seed) set.add(recompressed(rendered(seed, 160, 160, 1.5), 80));
  EXPECT_TRUE(find(set).empty());
}

TEST(FindCopies, TakesPlainPicturesForExactCopiesAtMost) {
  Set set;
  for (const std::uint8_t level : std::vector<std::uint8_t>{50, 50, 51, 180}) {
    Image plain(40, 40);
    std::ranges::fill(plain.pixels, level);
    set.add(plain);
  }
  const auto pairs = find(set);
  ASSERT_EQ(pairs.size(), 1U);
  EXPECT_EQ(pairs[0].kind, Kind::exact);
}

TEST(FindCopies, PairsEachExactCopyWithTheFirstAndAlteredOnesOnce) {
  Set set;
  const Image picture = rendered(8);
  for (const Symmetry s : std::vector<Symmetry>{0, 3, 5}) set.add(turned(picture, s));
  set.add(recompressed(picture, 60));
  std::vector<std::pair<std::size_t, std::size_t>> places;
  for (const Pair& pair : find(set)) places.emplace_back(pair.a, pair.b);
  EXPECT_THAT(places, testing::ElementsAre(testing::Pair(0, 1), testing::Pair(0, 2), testing::Pair(0, 3)));
}

TEST(FindCopies, LooksOnlyAcrossWhenGivenTwoSets) {
  Set first = others(10), second;
  const Image one = rendered(1), two = rendered(2);
  const std::size_t a = first.add(one), a_again = first.add(turned(one, 1)), c = first.add(two);
  second.add(rendered(3));
  const std::size_t b = second.add(turned(one, 5)), d = second.add(recompressed(crop(two, 5, 5, 148, 148), 50));
  std::vector<std::pair<std::size_t, std::size_t>> places;
  for (const Pair& pair : find(first, second)) {
    places.emplace_back(pair.a, pair.b);
    if (pair.kind == Kind::exact) {
      EXPECT_EQ(turned(second.pictures[pair.b], pair.symmetry), first.pictures[pair.a]);
    }
  }
  EXPECT_THAT(places, testing::ElementsAre(std::pair(a, b), std::pair(a_again, b), std::pair(c, d)));
}

TEST(FindCopies, PassesOverPicturesThatCouldNotBeRead) {
  Set set;
  set.add(rendered(1));
  set.signatures.resize(3);  // two of nothing
  EXPECT_TRUE(find(set).empty());
}

TEST(FindCopies, StopsWhenAsked) {
  const Set set = others(3);
  StopToken stop;
  stop.request();
  WorkerPool pool(1);
  EXPECT_THROW(find_copies(set.signatures, {}, set.load(), pool, stop), Cancelled);
}

}  // namespace
}  // namespace naevus::copies
