#include "naevus/dataset/synth.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/hash.hpp"
#include "naevus/dataset/manifest.hpp"
#include "naevus/image/decode.hpp"
#include "test_folder.hpp"

namespace naevus::dataset {
namespace {

class Synth : public TestFolder {};

std::map<std::string, std::string> hashes(const std::filesystem::path& folder) {
  std::map<std::string, std::string> result;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder))
    if (file.is_regular_file())
      result[std::filesystem::relative(file.path(), folder).string()] = hash_hex(read_file(file.path()));
  return result;
}

double mean_difference(const image::Image& a, const image::Image& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.pixels.size(); ++i) sum += std::abs(int{a.pixels[i]} - int{b.pixels[i]});
  return sum / static_cast<double>(a.pixels.size());
}

TEST_F(Synth, SameSeedGivesTheSameBytesOnAnyNumberOfThreads) {
  WorkerPool one(1), two(2);
  const SynthOptions options{.images = 12, .seed = 5, .width = 64, .height = 48};
  synthesise(root / "a", options, one);
  synthesise(root / "b", options, two);
  EXPECT_EQ(hashes(root / "a").size(), 14U);
  EXPECT_EQ(hashes(root / "a"), hashes(root / "b"));
}

TEST_F(Synth, AnotherSeedGivesOtherPictures) {
  WorkerPool pool(2);
  synthesise(root / "a", {.images = 3, .seed = 1, .width = 32, .height = 32}, pool);
  synthesise(root / "b", {.images = 3, .seed = 2, .width = 32, .height = 32}, pool);
  const auto a = hashes(root / "a"), b = hashes(root / "b");
  for (const auto& [name, hash] : a)
    if (name.ends_with(".jpg")) {
      EXPECT_NE(hash, b.at(name)) << name;
    }
}

TEST_F(Synth, SevenPicturesShowAllSevenClasses) {
  WorkerPool pool(2);
  const auto result = synthesise(root / "set", {.images = 7, .seed = 3, .width = 32, .height = 32}, pool);
  EXPECT_EQ(result.classes.size(), 7U);
  EXPECT_EQ(read_manifest(result.manifest).classes(), synthetic_classes());
}

TEST_F(Synth, ManifestNamesReadablePicturesOfTheSizeAskedFor) {
  WorkerPool pool(2);
  const auto result = synthesise(root / "set", {.images = 10, .seed = 1, .width = 60, .height = 40}, pool);
  const Manifest manifest = read_manifest(result.manifest);
  ASSERT_EQ(manifest.entries.size(), 10U);
  for (const Entry& entry : manifest.entries) {
    const image::Image picture = image::load(manifest.image_path(entry));
    EXPECT_EQ(picture.width, 60);
    EXPECT_EQ(picture.height, 40);
    EXPECT_EQ(entry.source, "synthetic");
  }
  EXPECT_NE(read_text(root / "set" / "README.txt").find("SYNTHETIC"), std::string::npos);
}

TEST_F(Synth, LesionsHaveOneOrTwoPicturesOfOneClassAndEveryClassHasItsShare) {
  WorkerPool pool(2);
  const auto result = synthesise(root / "set", {.images = 300, .seed = 1, .width = 32, .height = 32}, pool);
  std::map<std::string, std::set<std::string>> labels;
  std::map<std::string, std::set<std::string>> people;
  std::map<std::string, int> pictures;
  for (const Entry& entry : read_manifest(result.manifest).entries) {
    labels[entry.lesion_id].insert(entry.label);
    people[entry.lesion_id].insert(entry.age + entry.sex + entry.site);
    ++pictures[entry.lesion_id];
  }
  EXPECT_EQ(labels.size(), result.lesions);
  for (const auto& [lesion, names] : labels) {
    EXPECT_EQ(names.size(), 1U) << lesion;
    EXPECT_EQ(people[lesion].size(), 1U) << lesion;
    EXPECT_LE(pictures[lesion], 2) << lesion;
  }
  const auto pairs = std::count_if(pictures.begin(), pictures.end(), [](const auto& item) { return item.second == 2; });
  EXPECT_GT(pairs, 20);
  EXPECT_LT(pairs, 90);
  for (const auto& [label, count] : result.classes) EXPECT_GE(count, 18U) << label;  // 6 % of 300
}

TEST_F(Synth, TwoViewsOfALesionDifferAndAreTheSameEachTime) {
  const Random lesion(1, {7}), view(1, {8}), other(1, {9});
  for (const std::string& label : synthetic_classes()) {
    const auto first = render_lesion(label, 96, 96, lesion, view);
    EXPECT_EQ(first, render_lesion(label, 96, 96, lesion, view)) << label;
    EXPECT_GT(mean_difference(first, render_lesion(label, 96, 96, lesion, other)), 2) << label;
  }
}

TEST_F(Synth, WhatLiesAtTheFrameDoesNotDependOnTheClass) {
  // Hairs, rim, bubbles and light are drawn without the label: beyond the lesion, two classes' pictures are the same.
  // The lesion's own fading edge and its vessels stay within the middle.
  int same = 0, seen = 0;
  for (std::uint64_t i = 0; i < 20; ++i) {
    const auto a = render_lesion("nv", 128, 128, Random(2, {i}), Random(3, {i}));
    const auto b = render_lesion("vasc", 128, 128, Random(2, {i}), Random(3, {i}));
    for (const int x : {1, 126})
      for (const int y : {1, 126}) {
        ++seen;
        same += std::equal(a.at(x, y), a.at(x, y) + 3, b.at(x, y)) ? 1 : 0;
      }
  }
  EXPECT_EQ(same, seen);
}

TEST_F(Synth, ExtremeSizesAreRendered) {
  for (const auto& [width, height] : {std::pair{32, 32}, {4096, 32}, {32, 600}}) {
    const auto picture = render_lesion("mel", width, height, Random(1), Random(2));
    EXPECT_EQ(picture.width, width);
    EXPECT_EQ(picture.height, height);
  }
}

TEST_F(Synth, WrongOptionsAreRefusedBeforeAnythingIsWritten) {
  WorkerPool pool(1);
  const auto out = root / "set";
  EXPECT_THROW(synthesise(out, {.images = 0}, pool), UsageError);
  EXPECT_THROW(synthesise(out, {.images = -3}, pool), UsageError);
  EXPECT_THROW(synthesise(out, {.width = 31}, pool), UsageError);
  EXPECT_THROW(synthesise(out, {.height = 4097}, pool), UsageError);
  EXPECT_FALSE(std::filesystem::exists(out));
  EXPECT_THROW(render_lesion("wart", 64, 64, Random(1), Random(1)), UsageError);
  EXPECT_THROW(render_lesion("nv", 64, 8, Random(1), Random(1)), UsageError);
}

TEST_F(Synth, AFolderThatHoldsSomethingIsLeftAlone) {
  WorkerPool pool(1);
  write_file(root / "set" / "notes.txt", "mine");
  EXPECT_THROW(synthesise(root / "set", {.images = 1}, pool), UsageError);
  EXPECT_THROW(synthesise(root / "set" / "notes.txt", {.images = 1}, pool), UsageError);
  EXPECT_EQ(hashes(root / "set").size(), 1U);
}

}  // namespace
}  // namespace naevus::dataset
