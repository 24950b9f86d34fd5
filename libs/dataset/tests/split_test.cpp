#include "naevus/dataset/split.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <set>

#include "naevus/base/error.hpp"
#include "naevus/base/random.hpp"
#include "test_folder.hpp"

namespace naevus::dataset {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Entry entry_of(std::size_t number, const std::string& label) {
  Entry entry;
  entry.image = "img" + std::to_string(number) + ".jpg";
  entry.label = label;
  entry.line = number + 2;
  return entry;
}

struct RandomSet {
  Manifest manifest;
  std::vector<copies::Fingerprint> prints;
};

/// Uneven classes; lesions and patients of several images, some of both, and copies across them.
RandomSet random_set(std::uint64_t seed) {
  Random random(seed);
  RandomSet set;
  set.manifest.other_columns = {"copy_group"};
  const std::size_t images = 60 + random.below(400);
  for (std::size_t i = 0; i < images; ++i) {
    const double draw = random.uniform();
    Entry entry = entry_of(i, draw < 0.6 ? "nv" : draw < 0.9 ? "mel" : "df");
    if (random.chance(0.5)) entry.lesion_id = "L" + std::to_string(random.below(images / 2));
    if (random.chance(0.2)) entry.patient_id = "P" + std::to_string(random.below(images / 4));
    entry.other = {random.chance(0.1) ? "near" + std::to_string(random.below(20)) : ""};
    set.manifest.entries.push_back(entry);
    copies::Fingerprint print;
    print.bytes = print.pixels = random.chance(0.1) ? "copy" + std::to_string(random.below(20)) : std::to_string(i);
    set.prints.push_back(print);
  }
  return set;
}

std::map<std::string, Part> parts_by_image(const Manifest& manifest) {
  std::map<std::string, Part> parts;
  for (const Entry& entry : manifest.entries) parts[entry.image] = entry.part;
  return parts;
}

template <typename KeyOf>
void expect_together(const Manifest& manifest, KeyOf key_of) {
  std::map<std::string, Part> part_of;
  for (std::size_t i = 0; i < manifest.entries.size(); ++i) {
    const std::string key = key_of(i);
    if (key.empty()) continue;
    EXPECT_EQ(part_of.try_emplace(key, manifest.entries[i].part).first->second, manifest.entries[i].part) << key;
  }
}

Manifest plain_set(const std::map<std::string, int>& classes) {
  Manifest manifest;
  for (const auto& [label, count] : classes)
    for (int i = 0; i < count; ++i) manifest.entries.push_back(entry_of(manifest.entries.size(), label));
  return manifest;
}

TEST(Split, NeverPartsALesionAPatientOrACopy) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const RandomSet set = random_set(seed);
    const Manifest result = split(set.manifest, set.prints, {.seed = seed}).manifest;
    expect_together(result, [&](std::size_t i) { return result.entries[i].lesion_id; });
    expect_together(result, [&](std::size_t i) { return result.entries[i].patient_id; });
    expect_together(result, [&](std::size_t i) { return result.entries[i].other.at(0); });
    expect_together(result, [&](std::size_t i) { return set.prints[i].bytes; });
    for (const Entry& entry : result.entries) EXPECT_NE(entry.part, Part::none);
  }
}

TEST(Split, KeepsPicturesOfOneArchiveNumberTogether) {
  Manifest manifest = plain_set({{"nv", 40}, {"mel", 40}});
  for (std::size_t i = 0; i < 80; ++i)
    manifest.entries[i].image =
        (i < 40 ? "a/ISIC_00000" : "b/ISIC_00000") + std::to_string(10 + i % 40) + (i < 40 ? ".jpg" : "_small.png");
  const SplitResult result = split(manifest, {}, {});
  EXPECT_EQ(result.groups, 40U);
  for (std::size_t i = 0; i < 40; ++i) EXPECT_EQ(result.manifest.entries[i].part, result.manifest.entries[i + 40].part);
}

TEST(Split, OfSingleImagesIsWithinOneImageOfEveryClassShare) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Manifest manifest = plain_set({{"nv", 400 + static_cast<int>(seed)}, {"mel", 61}, {"df", 12}, {"vasc", 3}});
    const PartTable table = part_table(split(manifest, {}, {.seed = seed}).manifest);
    constexpr std::array share{0.7, 0.1, 0.2};
    for (const auto& row : table.rows) {
      const double n = static_cast<double>(row.images[0] + row.images[1] + row.images[2]);
      for (std::size_t p = 0; p < 3; ++p)
        EXPECT_LE(std::abs(static_cast<double>(row.images[p]) - share[p] * n), 1.0) << row.label << p;
    }
  }
}

TEST(Split, OfGroupsIsWithinTheLargestGroupOfEveryClassShare) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    Random random(seed);
    Manifest manifest;
    std::size_t largest = 0;
    for (std::size_t lesion = 0; lesion < 150; ++lesion) {
      const std::size_t size = 1 + random.below(6);
      const std::string label = random.chance(0.8) ? "nv" : "mel";
      largest = std::max(largest, size);
      for (std::size_t i = 0; i < size; ++i) {
        manifest.entries.push_back(entry_of(manifest.entries.size(), label));
        manifest.entries.back().lesion_id = std::to_string(lesion);
      }
    }
    const PartTable table = part_table(split(manifest, {}, {.seed = seed}).manifest);
    constexpr std::array share{0.7, 0.1, 0.2};
    for (const auto& row : table.rows) {
      const double n = static_cast<double>(row.images[0] + row.images[1] + row.images[2]);
      for (std::size_t p = 0; p < 3; ++p)
        EXPECT_LE(std::abs(static_cast<double>(row.images[p]) - share[p] * n), static_cast<double>(largest));
    }
  }
}

TEST(Split, GivesLargeGroupsToEveryPart) {
  Manifest manifest;
  for (std::size_t lesion = 0; lesion < 200; ++lesion)
    for (std::size_t i = 0; i < (lesion < 60 ? 4U : 1U); ++i) {
      manifest.entries.push_back(entry_of(manifest.entries.size(), "nv"));
      manifest.entries.back().lesion_id = std::to_string(lesion);
    }
  std::map<Part, std::set<std::string>> large;
  for (const Entry& entry : split(manifest, {}, {}).manifest.entries)
    if (std::stoi(entry.lesion_id) < 60) large[entry.part].insert(entry.lesion_id);
  EXPECT_EQ(large[Part::train].size(), 42U);
  EXPECT_EQ(large[Part::validation].size(), 6U);
  EXPECT_EQ(large[Part::test].size(), 12U);
}

TEST(Split, DependsOnTheSeedAndNotOnTheOrderOfTheRowsOrTheFolder) {
  const RandomSet set = random_set(7);
  const auto first = parts_by_image(split(set.manifest, {}, {.seed = 3}).manifest);
  Manifest moved = set.manifest;
  std::reverse(moved.entries.begin(), moved.entries.end());
  EXPECT_EQ(parts_by_image(split(moved, {}, {.seed = 3}).manifest), first);
  EXPECT_NE(parts_by_image(split(set.manifest, {}, {.seed = 4}).manifest), first);
  for (Entry& entry : moved.entries) entry.image = "/elsewhere/" + entry.image;
  for (const auto& [image, part] : parts_by_image(split(moved, {}, {.seed = 3}).manifest))
    EXPECT_EQ(part, first.at(image.substr(11)));
}

TEST(Split, KeepsATestPartAndLeavesItsRelativesOut) {
  Manifest manifest = plain_set({{"nv", 50}, {"mel", 50}});
  for (std::size_t i = 0; i < 100; i += 5) manifest.entries[i].part = Part::test;
  manifest.entries[0].lesion_id = manifest.entries[1].lesion_id = "L";
  const SplitResult result = split(manifest, {}, {.shares = {80, 20, 0}, .keep_test = true});
  EXPECT_THAT(result.left_out, ElementsAre(1));
  EXPECT_EQ(result.manifest.entries[1].part, Part::none);
  for (std::size_t i = 0; i < 100; ++i) EXPECT_EQ(result.manifest.entries[i].part == Part::test, i % 5 == 0);
  EXPECT_EQ(result.manifest.in(Part::validation).size(), 16U);
  EXPECT_EQ(result.manifest.in(Part::train).size(), 63U);
}

TEST(Split, LeavesOutPicturesThatCantBeRead) {
  Manifest manifest = plain_set({{"nv", 20}, {"mel", 20}});
  std::vector<copies::Fingerprint> prints(40);
  prints[3].problem = "img3.jpg: the JPEG ends early";
  const SplitResult result = split(manifest, prints, {});
  EXPECT_THAT(result.left_out, ElementsAre(3));
  EXPECT_EQ(result.manifest.entries[3].part, Part::none);
}

TEST(Split, InFoldsTestsEveryImageOnceAndPartsNoLesion) {
  const RandomSet set = random_set(11);
  const Manifest folds = split(set.manifest, set.prints, {.folds = 5}).manifest;
  std::map<std::string, int> tested, validated;
  for (int turn = 1; turn <= 5; ++turn) {
    const Manifest manifest = fold_manifest(folds, turn);
    expect_together(manifest, [&](std::size_t i) { return manifest.entries[i].lesion_id; });
    for (const Entry& entry : manifest.entries) {
      tested[entry.image] += entry.part == Part::test;
      validated[entry.image] += entry.part == Part::validation;
    }
    EXPECT_NEAR(static_cast<double>(manifest.in(Part::test).size()), static_cast<double>(folds.entries.size()) / 5, 10);
  }
  for (const auto& [image, times] : tested) EXPECT_EQ(times, 1) << image;
  for (const auto& [image, times] : validated) EXPECT_EQ(times, 1) << image;
  EXPECT_THROW(fold_manifest(folds, 6), InputError);
  EXPECT_THROW(fold_manifest(set.manifest, 1), InputError);
}

TEST(Split, WarnsOfSmallClassesOneClassOnlyAndPlaceholderIds) {
  EXPECT_THAT(split(plain_set({{"nv", 50}, {"mel", 2}}), {}, {}).warnings, ElementsAre(HasSubstr("'mel' has only 2")));
  EXPECT_THAT(split(plain_set({{"nv", 50}, {"mel", 3}}), {}, {}).warnings, ElementsAre(HasSubstr("'mel' has only 3")));
  EXPECT_THAT(split(plain_set({{"nv", 50}}), {}, {}).warnings, ElementsAre(HasSubstr("one class only")));
  EXPECT_THAT(split(plain_set({{"nv", 50}, {"mel", 20}}), {}, {}).warnings, IsEmpty());
  Manifest manifest = plain_set({{"nv", 50}, {"mel", 50}});
  for (std::size_t i = 0; i < 60; ++i) manifest.entries[i].patient_id = i < 40 ? "unbekannt" : std::to_string(i);
  EXPECT_THAT(split(manifest, {}, {}).warnings, Contains(HasSubstr("patient_id 'unbekannt' joins 40 of 100 images")));
}

TEST(Split, RefusesWhatHasNoLabelOrNoImages) {
  Manifest manifest = plain_set({{"nv", 5}});
  manifest.path = "m.csv";
  manifest.entries[2].label.clear();
  try {
    split(manifest, {}, {});
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("m.csv:4: has no label"));
  }
  EXPECT_THROW(split({}, {}, {}), InputError);
}

TEST(Parts, AreReadAsPercentages) {
  EXPECT_THAT(parse_parts("70/10/20"), ElementsAre(70, 10, 20));
  EXPECT_THAT(parse_parts("80/20"), ElementsAre(80, 0, 20));
  EXPECT_THAT(parse_parts("80/20", true), ElementsAre(80, 20, 0));
  EXPECT_THAT(parse_parts("66.5/13.5/20"), ElementsAre(66.5, 13.5, 20));
  for (const char* text :
       {"", "70", "70/20", "70/10/20/0", "a/b/c", "-10/60/50", "0/50/50", "70/10/20/", "70 /10/20", "nan/0/0"})
    EXPECT_THROW(parse_parts(text), UsageError) << text;
}

}  // namespace
}  // namespace naevus::dataset
