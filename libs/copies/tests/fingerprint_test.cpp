#include "naevus/copies/fingerprint.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <functional>

#include "naevus/base/file.hpp"
#include "naevus/base/random.hpp"
#include "naevus/image/decode.hpp"
#include "naevus/image/encode.hpp"
#include "naevus/image/prepare.hpp"

namespace naevus::copies {
namespace {

namespace fs = std::filesystem;
using image::Image;

/// A smooth picture that no other seed gives: a few waves over a grey ground.
Image picture(std::uint64_t seed, int width = 120, int height = 90) {
  Random random(seed);
  struct Wave {
    double x, y, phase, size;
  };
  std::vector<Wave> waves;
  for (int i = 0; i < 12; ++i)
    waves.push_back({random.uniform(-4, 4), random.uniform(-4, 4), random.uniform(0, 6), random.uniform(5, 25)});
  Image result(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      double value = 128;
      for (const Wave& w : waves) value += w.size * std::sin(6.28 * (w.x * x / width + w.y * y / height) + w.phase);
      for (int c = 0; c < 3; ++c)
        result.at(x, y)[c] = static_cast<std::uint8_t>(std::clamp(value + 10 * c, 0.0, 255.0));
    }
  }
  return result;
}

Image mirrored(const Image& from) {
  Image to(from.width, from.height);
  for (int y = 0; y < from.height; ++y)
    for (int x = 0; x < from.width; ++x) std::copy_n(from.at(from.width - 1 - x, y), 3, to.at(x, y));
  return to;
}

Image turned(const Image& from) {
  Image to(from.height, from.width);
  for (int y = 0; y < to.height; ++y)
    for (int x = 0; x < to.width; ++x) std::copy_n(from.at(y, from.height - 1 - x), 3, to.at(x, y));
  return to;
}

class Files : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) / testing::UnitTest::GetInstance()->current_test_info()->name();
    fs::remove_all(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  fs::path write(const std::string& name, std::span<const std::byte> content) {
    write_file(folder_ / name, content);
    return folder_ / name;
  }
  fs::path folder_;
  WorkerPool pool_{2};
};

TEST(PerceptualHash, IsTheSameInAllEightPositions) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Image position = picture(seed);
    const std::uint64_t hash = perceptual_hash(position);
    for (int quarter = 0; quarter < 4; ++quarter, position = turned(position)) {
      EXPECT_LE(hash_distance(perceptual_hash(position), hash), 1) << seed;
      EXPECT_LE(hash_distance(perceptual_hash(mirrored(position)), hash), 1) << seed;
    }
  }
}

TEST(PerceptualHash, SurvivesScalingAndRecompression) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Image original = picture(seed, 300, 225);
    const Image small = image::decode(image::encode_jpeg(turned(image::resize(original, 100, 75)), 40));
    EXPECT_LE(hash_distance(perceptual_hash(original), perceptual_hash(small)), 6) << seed;
  }
}

TEST(PerceptualHash, TellsPicturesApart) {
  std::vector<std::uint64_t> hashes;
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    hashes.push_back(perceptual_hash(picture(seed)));
    for (std::size_t other = 0; other < seed; ++other)
      EXPECT_GT(hash_distance(hashes[other], hashes.back()), 8) << other << " " << seed;
  }
}

TEST(PerceptualHash, OfAPlainPictureIsNought) {
  Image plain(50, 40);
  std::fill(plain.pixels.begin(), plain.pixels.end(), std::uint8_t{77});
  EXPECT_EQ(perceptual_hash(plain), 0U);
}

TEST_F(Files, AreGroupedByBytesAndByPixels) {
  const auto jpeg = image::encode_jpeg(picture(1));
  const fs::path a = write("a.jpg", jpeg), b = write("b.jpg", jpeg);
  const fs::path c = write("c.png", image::encode_png(image::decode(jpeg)));
  const fs::path d = write("d.jpg", image::encode_jpeg(picture(2)));
  const Groups groups = exact_groups(fingerprints({d, a, b, c}, pool_));
  EXPECT_THAT(groups.group, testing::ElementsAre(0, 1, 1, 1));
  EXPECT_EQ(groups.count, 2U);
  EXPECT_THAT(groups.copies(), testing::ElementsAre(testing::ElementsAre(1, 2, 3)));
}

TEST_F(Files, ThatAreBrokenAreNamedAndStandAlone) {
  auto cut = image::encode_jpeg(picture(1));
  cut.resize(cut.size() / 2);
  const fs::path a = write("cut.jpg", cut), b = folder_ / "missing.jpg", c = folder_ / "missing too.jpg";
  const auto prints = fingerprints({a, b, c}, pool_);
  EXPECT_THAT(prints[0].problem, testing::HasSubstr("cut.jpg"));
  EXPECT_THAT(prints[1].problem, testing::HasSubstr("missing.jpg"));
  EXPECT_EQ(exact_groups(prints).count, 3U);
}

}  // namespace
}  // namespace naevus::copies
