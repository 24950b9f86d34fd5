#include "naevus/gallery/gallery.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <thread>

#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/random.hpp"

namespace naevus::gallery {
namespace {

constexpr std::size_t width = 16;

Contents example(std::size_t cases, std::uint64_t seed = 1) {
  Random random(seed);
  Contents contents{.model = "naevus-7", .model_version = "2", .model_sha256 = std::string(64, 'a'), .width = width};
  for (std::size_t i = 0; i < cases; ++i) {
    contents.cases.push_back({.picture = "picture " + std::to_string(i),
                              .label = i % 3 == 0 ? "mel" : "nv",
                              .source = "Größe",
                              .licence = "CC0",
                              .kept = i % 2 == 0});
    contents.thumbnails.emplace_back(i + 1, std::byte(i));
    for (std::size_t k = 0; k < width; ++k) contents.embedding.push_back(static_cast<float>(random.normal()));
  }
  normalise(contents.embedding, width);
  return contents;
}

const auto everything = [](const std::string&) { return true; };

TEST(Gallery, ComesBackFromItsFile) {
  const TemporaryFolder folder;
  const auto file = gallery_file(folder / "data");
  Contents contents = example(5);
  contents.precision = Precision{.pictures = 7, .value = 0.5, .low = 0.25, .high = 0.75};
  put_gallery(file, contents, everything);
  const Contents back = read_gallery(file);
  EXPECT_EQ(back.model_sha256, contents.model_sha256);
  EXPECT_EQ(back.embedding, contents.embedding);
  EXPECT_EQ(back.thumbnails, contents.thumbnails);
  ASSERT_EQ(back.cases.size(), 5U);
  EXPECT_EQ(back.cases[3].picture, "picture 3");
  EXPECT_EQ(back.cases[3].source, "Größe");
  EXPECT_FALSE(back.cases[3].kept);
  EXPECT_EQ(back.precision->high, 0.75);
}

TEST(Gallery, FindsTheSameAsLookingAtEachCase) {
  const Contents contents = example(200);
  const Gallery gallery(contents);
  Random random(9);
  for (int i = 0; i < 20; ++i) {
    std::vector<float> query(width);
    for (float& value : query) value = static_cast<float>(3 * random.normal());
    double length = 0;
    for (const float value : query) length += static_cast<double>(value) * static_cast<double>(value);
    std::vector<std::pair<double, std::size_t>> by_hand;
    for (std::size_t c = 0; c < 200; ++c) {
      double product = 0;
      for (std::size_t k = 0; k < width; ++k)
        product += static_cast<double>(contents.embedding[c * width + k]) * static_cast<double>(query[k]);
      by_hand.emplace_back(-product / std::sqrt(length), c);
    }
    std::sort(by_hand.begin(), by_hand.end());
    const auto matches = gallery.nearest(query, 5);
    ASSERT_EQ(matches.size(), 5U);
    for (std::size_t k = 0; k < 5; ++k) {
      EXPECT_EQ(matches[k].index, by_hand[k].second);
      EXPECT_NEAR(matches[k].similarity, -by_hand[k].first, 1e-5);
    }
  }
  EXPECT_THROW(gallery.nearest(std::vector<float>(width + 1, 1), 5), InputError);
  EXPECT_EQ(Gallery(example(3)).nearest(std::vector<float>(width, 1), 5).size(), 3U);
}

TEST(Gallery, ThatIsDamagedIsRefused) {
  const TemporaryFolder folder;
  const auto file = gallery_file(folder.path());
  put_gallery(file, example(3), everything);
  const std::string whole = read_text(file);
  for (std::size_t length = 0; length < whole.size(); length += 7) {
    write_file(file, std::string_view(whole).substr(0, length));
    EXPECT_THROW(read_gallery(file), InputError) << length;
  }
  for (std::size_t at = 0; at < whole.size(); at += 11) {
    std::string wrong = whole;
    wrong[at] = static_cast<char>(wrong[at] ^ 1);
    write_file(file, wrong);
    EXPECT_THROW(read_gallery(file), InputError) << at;
  }
}

TEST(Gallery, LosesWhatIsErasedAndKeepsTheRest) {
  const TemporaryFolder folder;
  const auto file = gallery_file(folder.path());
  const Contents contents = example(6);
  put_gallery(file, contents, everything);
  EXPECT_EQ(remove_cases(file, [](const Case& one) { return one.picture == "nowhere"; }), 0U);
  EXPECT_EQ(remove_cases(file, [](const Case& one) { return one.picture == "picture 1"; }), 1U);
  const Contents left = read_gallery(file);
  ASSERT_EQ(left.cases.size(), 5U);
  for (std::size_t i = 0; i < 5; ++i) {
    const std::size_t before = i == 0 ? 0 : i + 1;
    EXPECT_EQ(left.cases[i].picture, contents.cases[before].picture);
    EXPECT_EQ(left.thumbnails[i], contents.thumbnails[before]);
    EXPECT_TRUE(std::equal(left.embedding.begin() + static_cast<long>(i * width),
                           left.embedding.begin() + static_cast<long>((i + 1) * width),
                           contents.embedding.begin() + static_cast<long>(before * width)));
  }
  EXPECT_EQ(read_text(file).find("picture 1\""), std::string::npos);
  EXPECT_EQ(remove_cases(file, [](const Case&) { return true; }), 5U);
  EXPECT_FALSE(std::filesystem::exists(file));
  EXPECT_EQ(remove_cases(file, [](const Case&) { return true; }), 0U);
}

TEST(Gallery, ThatIsDamagedIsRemovedWhereSomethingMustGo) {
  const TemporaryFolder folder;
  const auto file = gallery_file(folder.path());
  write_file(file, std::string("naevus gallery 1\nhalf"));
  EXPECT_EQ(remove_cases(file, [](const Case&) { return false; }), 0U);
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST(Gallery, IsWrittenWithoutWhatWasErasedWhileItWasMade) {
  const TemporaryFolder folder;
  const auto file = gallery_file(folder.path());
  put_gallery(file, example(6),
              [](const std::string& picture) { return picture != "picture 2" && picture != "picture 3"; });
  const Contents left = read_gallery(file);
  ASSERT_EQ(left.cases.size(), 5U);  // picture 3 never was the data folder's
  EXPECT_EQ(left.cases[2].picture, "picture 3");
}

TEST(Gallery, LosesNothingWhereManyErase) {
  const TemporaryFolder folder;
  const auto file = gallery_file(folder.path());
  put_gallery(file, example(40), everything);
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = t; i < 36; i += 4)
        remove_cases(file, [&](const Case& one) { return one.picture == "picture " + std::to_string(i); });
    });
  threads.clear();
  EXPECT_EQ(read_gallery(file).cases.size(), 4U);
}

}  // namespace
}  // namespace naevus::gallery
