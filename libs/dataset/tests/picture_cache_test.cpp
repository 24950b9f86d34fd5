// The folder of decoded pictures that runs share: it may be shared, cut short, damaged, full or forbidden, and the
// pictures stay the same.
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "naevus/base/error.hpp"
#include "naevus/base/random.hpp"
#include "naevus/dataset/image_cache.hpp"
#include "naevus/image/decode.hpp"
#include "picture_shards.hpp"
#include "shard_eviction.hpp"
#include "test_folder.hpp"

namespace naevus::dataset {
namespace {

namespace fs = std::filesystem;
using Keep = CacheOptions::Keep;

class PictureCache : public TestFolder {
 protected:
  void SetUp() override {
    TestFolder::SetUp();
    folder = root / "cache";
    options = {.preparation = {.width = 16, .height = 16}, .folder = folder, .budget = 0};
    for (int i = 0; i < 12; ++i) add_picture(i);
  }
  void add_picture(int number) {
    paths.push_back(root / (std::to_string(number) + ".png"));
    write_file(paths.back(), image::encode_png(small_picture(number, 40, 30)));
  }
  /// How many pictures a cache over the folder had to decode; all its answers are held to what they must be.
  std::size_t decoded() {
    const ImageCache cache(paths, options, pool);
    for (std::size_t i = 0; i < paths.size(); ++i)
      EXPECT_EQ(*cache.get(i), image::prepare(image::load(paths[i]), options.preparation)) << i;
    return cache.decoded();
  }
  std::vector<fs::path> files(const std::string& extension) {
    std::vector<fs::path> found;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
      if (entry.path().extension() == extension) found.push_back(entry.path());
    return found;
  }
  void damage(const fs::path& path, std::uintmax_t at) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<std::streamoff>(at));
    const int byte = file.get();
    file.seekp(static_cast<std::streamoff>(at));
    file.put(static_cast<char>(byte ^ 0x10));
    ASSERT_TRUE(file.good());
  }

  fs::path folder;
  std::vector<fs::path> paths;
  CacheOptions options;
  WorkerPool pool{2};
};

TEST_F(PictureCache, DecodesOnceForAllRuns) {
  EXPECT_EQ(decoded(), 12U);
  EXPECT_EQ(decoded(), 0U);
  add_picture(12);
  EXPECT_EQ(decoded(), 1U);
  EXPECT_EQ(decoded(), 0U);
  EXPECT_TRUE(fs::exists(folder / "README.txt"));
  EXPECT_EQ(fs::status(folder).permissions(), fs::perms::owner_all);  // they are pictures of patients
}

TEST_F(PictureCache, KeepsWholePicturesOfAnySizeForAugmentation) {
  options.keep = Keep::for_augmentation;
  write_file(paths[3], image::encode_png(small_picture(3, 200, 90)));
  std::vector<image::Image> first;
  for (int run = 0; run < 2; ++run) {
    const ImageCache cache(paths, options, pool);
    EXPECT_EQ(cache.decoded(), run == 0 ? 12U : 0U);
    EXPECT_EQ(cache.get(3)->height, 21);  // 1.3 times the input's side, rounded up
    for (std::size_t i = 0; i < paths.size(); ++i) {
      if (run == 0) first.push_back(*cache.get(i));
      EXPECT_EQ(*cache.get(i), first[i]);
    }
  }
}

TEST_F(PictureCache, WhatIsDoneToThePicturesTellsThemApart) {
  decoded();
  options.preparation.frame = image::Frame::whole;
  EXPECT_EQ(decoded(), 12U);
  options.preparation.width = 20;
  EXPECT_EQ(decoded(), 12U);
  EXPECT_EQ(decoded(), 0U);
}

TEST_F(PictureCache, AFileIsItsContentNotItsName) {
  decoded();
  for (fs::path& path : paths) {
    fs::rename(path, path.string() + ".moved.png");
    path = path.string() + ".moved.png";
  }
  EXPECT_EQ(decoded(), 0U);
  const auto time = fs::last_write_time(paths[5]);
  write_file(paths[5],
             image::encode_png(small_picture(77, 40, 30)));  // another picture under the name and time of the old
  fs::last_write_time(paths[5], time);
  EXPECT_EQ(decoded(), 1U);
}

TEST_F(PictureCache, FilesThatRestedAreNotReadAgain) {
  std::this_thread::sleep_for(std::chrono::milliseconds(3100));  // their times of change must be past
  decoded();
  EXPECT_EQ(fs::file_size(files(".index")[0]), 24U * 72);  // a record for each picture, and one for each file's state
  const auto identity = file_identity(paths[0]);
  ASSERT_TRUE(identity);
  // A change that leaves size and time of writing as they were is seen all the same.
  const auto time = fs::last_write_time(paths[0]);
  damage(paths[0], fs::file_size(paths[0]) - 1);
  fs::last_write_time(paths[0], time);
  EXPECT_NE(file_identity(paths[0]), identity);
  const ImageCache cache(paths, options, pool);
  ASSERT_EQ(cache.broken().size(), 1U);  // the PNG's last checksum is wrong now
  EXPECT_EQ(cache.broken()[0].index, 0U);
}

TEST_F(PictureCache, DamagedPixelsAndRecordsAreMadeAnew) {
  decoded();
  const auto pixels = files(".pixels"), index = files(".index");
  ASSERT_EQ(pixels.size(), 1U);
  damage(pixels[0], 5);
  damage(pixels[0], fs::file_size(pixels[0]) - 5);
  EXPECT_EQ(decoded(), 2U);
  EXPECT_EQ(decoded(), 0U);
  for (std::uintmax_t at = 0; at < fs::file_size(index[0]); at += 50) damage(index[0], at);
  EXPECT_EQ(decoded(), 10U);
  EXPECT_EQ(decoded(), 0U);
}

TEST_F(PictureCache, ShardsThatWereCutShortCountAsFarAsTheyGo) {
  decoded();
  const auto pixels = files(".pixels")[0], index = files(".index")[0];
  fs::resize_file(index, fs::file_size(index) - 100);
  const std::size_t lost = decoded();
  EXPECT_GE(lost, 1U);
  EXPECT_LE(lost, 2U);
  EXPECT_EQ(decoded(), 0U);
  fs::resize_file(pixels, fs::file_size(pixels) / 2);
  EXPECT_GE(decoded(), 4U);
  fs::resize_file(files(".pixels")[0], 0);
  fs::resize_file(files(".index")[0], 0);
  decoded();
  EXPECT_EQ(decoded(), 0U);
}

/// A process that fills the folder picture by picture, over and over, until it ends by itself or is killed.
pid_t writer(const fs::path& folder, const std::string& set, int rounds) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  for (int round = 0; round < rounds; ++round) {
    PictureShards shards(folder, set, 1 << 30);
    for (int i = 0; i < 40; ++i) {
      const image::Image picture = small_picture(i, 64, 48);
      shards.add(hash128(std::as_bytes(std::span(picture.pixels))), picture);
    }
    shards.finish();
  }
  ::_exit(0);
}

std::size_t whole_pictures(const PictureShards& shards) {
  std::size_t found = 0;
  for (int i = 0; i < 40; ++i) {
    const image::Image picture = small_picture(i, 64, 48);
    const auto stored = shards.find(hash128(std::as_bytes(std::span(picture.pixels))));
    if (!stored) continue;
    ++found;
    EXPECT_EQ(stored->width, 64);
    EXPECT_TRUE(std::equal(stored->pixels.begin(), stored->pixels.end(), picture.pixels.begin(), picture.pixels.end()));
  }
  return found;
}

TEST_F(PictureCache, AWriterMayBeKilledAtAnyMoment) {
  Random random(5);
  std::size_t killed = 0;
  for (int round = 0; round < 40; ++round) {
    const pid_t child = writer(folder, "set", 1000);
    ::usleep(static_cast<useconds_t>(random.below(4000)));
    ::kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    killed += WIFSIGNALED(status) ? 1 : 0;
    whole_pictures(PictureShards(folder, "set", 1 << 30));
  }
  EXPECT_EQ(killed, 40U);
  const pid_t child = writer(folder, "set", 1);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(whole_pictures(PictureShards(folder, "set", 1 << 30)), 40U);
}

TEST_F(PictureCache, TwoWritersAtOnceDoNotMeet) {
  const pid_t first = writer(folder, "set", 30), second = writer(folder, "set", 30);
  for (const pid_t child : {first, second}) {
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(whole_pictures(PictureShards(folder, "set", 1 << 30)), 40U);
  EXPECT_LE(files(".index").size(), 65U);
}

TEST_F(PictureCache, WhatWasNotUsedForLongestGoesFirst) {
  const auto shards_of = [&](const char* name) {
    fs::create_directories(folder / name);
    return folder / name / "shard";
  };
  for (const char* name : {"a", "b", "c"})
    for (const char* extension : {".pixels", ".index"})
      write_file(shards_of(name).string() + extension, std::string(1000, 'x'));
  const auto now = fs::file_time_type::clock::now();
  const auto used = [&](const char* name, int hours) {
    for (const char* extension : {".pixels", ".index"})
      fs::last_write_time(shards_of(name).string() + extension, now - std::chrono::hours(hours));
  };
  used("a", 1), used("b", 3), used("c", 2);
  evict_shards(folder, 4000, shards_of("none"));
  EXPECT_FALSE(fs::exists(folder / "b" / "shard.pixels"));
  EXPECT_TRUE(fs::exists(folder / "c" / "shard.pixels"));
  evict_shards(folder, 0, shards_of("c"));
  EXPECT_EQ(files(".pixels"), std::vector<fs::path>{folder / "c" / "shard.pixels"});
}

TEST_F(PictureCache, AFolderThatIsTooSmallKeepsPart) {
  options.folder_limit = 5 * 16 * 16 * 3 + 2000;
  decoded();
  const std::size_t rest = decoded();
  EXPECT_GT(rest, 4U);
  EXPECT_LT(rest, 12U);
}

TEST_F(PictureCache, ReadsWhileAnotherRemoves) {
  decoded();
  const ImageCache cache(paths, options, pool);
  fs::remove_all(folder);
  for (std::size_t i = 0; i < paths.size(); ++i)
    EXPECT_EQ(*cache.get(i), image::prepare(image::load(paths[i]), options.preparation));
  EXPECT_EQ(decoded(), 12U);
}

TEST_F(PictureCache, AFileInTheFoldersPlaceIsAWarningOnly) {
  write_file(folder, std::string_view("no folder"));
  testing::internal::CaptureStderr();
  EXPECT_EQ(decoded(), 12U);
  const std::string told = testing::internal::GetCapturedStderr();
  EXPECT_THAT(told, testing::HasSubstr("can't be kept"));
  EXPECT_EQ(told.find("can't be kept"), told.rfind("can't be kept"));  // once
  EXPECT_EQ(decoded(), 12U);
}

TEST_F(PictureCache, AFullDiskIsAWarningOnly) {
  // A limit on the size of files fails writes as a full disk does, in the midst of them.
  struct rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const auto handler = ::signal(SIGXFSZ, SIG_IGN);
  const struct rlimit small{.rlim_cur = 3000, .rlim_max = before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  testing::internal::CaptureStderr();
  const std::size_t first = decoded(), second = decoded();
  ::setrlimit(RLIMIT_FSIZE, &before);
  ::signal(SIGXFSZ, handler);
  EXPECT_THAT(testing::internal::GetCapturedStderr(), testing::HasSubstr("can't be kept"));
  EXPECT_EQ(first, 12U);
  EXPECT_LT(second, 12U);
  EXPECT_GT(second, 0U);
}

TEST_F(PictureCache, BrokenPicturesAreNamedByEveryRun) {
  paths.insert(paths.begin() + 1, text("no picture.jpg", "hello"));
  for (int run = 0; run < 2; ++run) {
    const ImageCache cache(paths, options, pool);
    ASSERT_EQ(cache.broken().size(), 1U);
    EXPECT_THAT(cache.broken()[0].problem, testing::HasSubstr("no picture.jpg"));
    EXPECT_THROW(cache.get(1), InputError);
    EXPECT_EQ(cache.get(2)->width, 16);
  }
}

}  // namespace
}  // namespace naevus::dataset
