// The common corruptions against the package imagecorruptions: tests/golden/corruptions.json, made by
// make_corruptions.py.
#include "naevus/image/corruptions.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "golden_pictures.hpp"
#include "naevus/base/error.hpp"

namespace naevus::image {
namespace {

std::vector<std::uint8_t> from_hex(const std::string& text) {
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 0; i < text.size(); i += 2)
    bytes.push_back(static_cast<std::uint8_t>(std::stoi(text.substr(i, 2), nullptr, 16)));
  return bytes;
}

Image picture_of(const nlohmann::json& item) {
  Image image(item.at("width"), item.at("height"));
  image.pixels = from_hex(item.at("pixels"));
  return image;
}

Corruption kind_of(const std::string& name) {
  for (const Corruption kind : all_corruptions)
    if (to_string(kind) == name) return kind;
  throw std::logic_error("there is no corruption " + name);
}

/// Mean, standard deviation, PSNR, and mean step along and across the rows, as the script has them.
std::array<double, 5> statistics(const Image& before, const Image& after) {
  const auto n = static_cast<double>(after.pixels.size());
  double sum = 0, squares = 0, error = 0, along = 0, across = 0;
  const int stride = 3 * after.width;
  for (int y = 0; y < after.height; ++y)
    for (int k = 0; k < stride; ++k) {
      const auto i = static_cast<std::size_t>(y * stride + k);
      const double value = after.pixels[i];
      sum += value;
      squares += value * value;
      error += std::pow(value - before.pixels[i], 2);
      if (k + 3 < stride) along += std::abs(value - after.pixels[i + 3]);
      if (y + 1 < after.height) across += std::abs(value - after.pixels[i + static_cast<std::size_t>(stride)]);
    }
  const double mean = sum / n;
  return {mean, std::sqrt(squares / n - mean * mean), 10 * std::log10(255 * 255 / (error / n)),
          along / (n * (after.width - 1) / after.width), across / (n * (after.height - 1) / after.height)};
}

TEST(Corruptions, WithoutChanceGiveTheReferencesPixels) {
  const nlohmann::json golden = golden_json("corruptions.json");
  const Image picture = picture_of(golden.at("small"));
  for (const nlohmann::json& item : golden.at("pixels")) {
    SCOPED_TRACE(item.at("kind").get<std::string>() + " " + item.at("severity").dump());
    const Image ours = corrupted(picture, kind_of(item.at("kind")), item.at("severity"), Random(1));
    const std::vector<std::uint8_t> theirs = from_hex(item.at("pixels"));
    ASSERT_EQ(ours.pixels.size(), theirs.size());
    int largest = 0;
    double sum = 0;
    for (std::size_t i = 0; i < theirs.size(); ++i) {
      const int difference = std::abs(ours.pixels[i] - theirs[i]);
      largest = std::max(largest, difference);
      sum += difference;
    }
    // Bytes are cut off, not rounded: a value next to a whole number may fall on either side of it. Sampling places are
    // multiples of 1/32 pixel in OpenCV, and JPEG decoders differ by a level or two.
    EXPECT_LE(largest, 3);
    EXPECT_LE(sum / static_cast<double>(theirs.size()), 0.5);
  }
}

TEST(Corruptions, ByChanceHaveTheReferencesStatistics) {
  const nlohmann::json golden = golden_json("corruptions.json");
  const Image picture = picture_of(golden.at("large"));
  for (const nlohmann::json& item : golden.at("statistics")) {
    SCOPED_TRACE(item.at("kind").get<std::string>() + " " + item.at("severity").dump());
    const Corruption kind = kind_of(item.at("kind"));
    const int seeds = item.at("seeds");
    std::array<double, 5> sum{};
    for (int seed = 0; seed < seeds; ++seed) {
      const auto one = statistics(
          picture, corrupted(picture, kind, item.at("severity"), Random(static_cast<std::uint64_t>(seed) + 1)));
      for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += one[k] / seeds;
    }
    constexpr std::array names{"mean", "standard deviation", "PSNR", "step along", "step across"};
    for (std::size_t k = 0; k < sum.size(); ++k) {
      const double theirs = item.at("mean").at(k), spread = item.at("spread").at(k);
      // Five standard errors of a difference of two means, and two in a hundred.
      const double allowed = 5 * spread * std::sqrt(2.0 / seeds) + 0.02 * std::abs(theirs);
      EXPECT_NEAR(sum[k], theirs, allowed) << names.at(k) << ", spread " << spread;
    }
  }
}

TEST(Corruptions, AreTheSameFromTheSameSeedAndHarmMoreTheHigherTheSeverity) {
  const Image picture = picture_of(golden_json("corruptions.json").at("large"));
  for (const Corruption kind : all_corruptions) {
    SCOPED_TRACE(to_string(kind));
    double least = 0, most = 0;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
      const Image once = corrupted(picture, kind, 1, Random(seed));
      EXPECT_EQ(once.pixels, corrupted(picture, kind, 1, Random(seed)).pixels);
      EXPECT_EQ(once.width, picture.width);
      EXPECT_EQ(once.height, picture.height);
      least += statistics(picture, once)[2];
      most += statistics(picture, corrupted(picture, kind, corruption_severities, Random(seed)))[2];
    }
    EXPECT_GT(least, most);
  }
}

TEST(Corruptions, RefuseWhatTheyCanNotDo) {
  EXPECT_THROW(corrupted(Image(64, 64), Corruption::fog, 0, Random(1)), UsageError);
  EXPECT_THROW(corrupted(Image(64, 64), Corruption::fog, 6, Random(1)), UsageError);
  EXPECT_THROW(corrupted(Image(64, 31), Corruption::fog, 1, Random(1)), InputError);
  EXPECT_THROW(middle_of(Image(64, 31), 0), UsageError);
  EXPECT_THROW(middle_of(Image(64, 31), 1.5), UsageError);
}

TEST(Corruptions, OfBlackAndWhitePicturesStayInRange) {
  for (const std::uint8_t value : {std::uint8_t{0}, std::uint8_t{255}}) {
    Image flat(37, 33);
    std::fill(flat.pixels.begin(), flat.pixels.end(), value);
    for (const Corruption kind : all_corruptions)
      for (int severity = 1; severity <= corruption_severities; ++severity)
        EXPECT_EQ(corrupted(flat, kind, severity, Random(2)).pixels.size(), flat.pixels.size());
    EXPECT_EQ(corrupted(flat, Corruption::defocus_blur, 5, Random(2)).pixels, flat.pixels);
    EXPECT_EQ(corrupted(flat, Corruption::contrast, 5, Random(2)).pixels, flat.pixels);
  }
}

TEST(Rotation, ByRightAnglesMovesThePixelsOfASquare) {
  Image square(33, 33);
  Random random(4);
  for (std::uint8_t& value : square.pixels) value = static_cast<std::uint8_t>(random.below(256));
  const Image turned = rotated(square, 90);
  for (int y = 0; y < 33; ++y)
    for (int x = 0; x < 33; ++x) EXPECT_EQ(*turned.at(x, y), *square.at(32 - y, x));
  EXPECT_EQ(rotated(square, 0).pixels, square.pixels);
}

TEST(MiddleOf, KeepsTheMiddle) {
  Image picture(10, 20);
  for (int y = 0; y < 20; ++y)
    for (int x = 0; x < 10; ++x) picture.at(x, y)[0] = static_cast<std::uint8_t>(10 * y + x);
  const Image middle = middle_of(picture, 0.5);
  ASSERT_EQ(middle.width, 5);
  ASSERT_EQ(middle.height, 10);
  EXPECT_EQ(*middle.at(0, 0), 52);
  EXPECT_EQ(middle_of(picture, 1).pixels, picture.pixels);
}

}  // namespace
}  // namespace naevus::image
