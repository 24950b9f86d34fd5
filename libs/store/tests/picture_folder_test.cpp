#include "naevus/store/picture_folder.hpp"

#include <chrono>
#include <fstream>
#include <thread>

#include "homes.hpp"
#include "naevus/base/error.hpp"

namespace naevus::store {
namespace {

namespace fs = std::filesystem;

TEST(PictureFolder, KeepsAPictureOnceUnderItsBlake2b) {
  const TemporaryFolder folder;
  const PictureFolder pictures(folder.path());
  // b2sum -l 256 of "abc"
  const std::string hash = "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319";
  EXPECT_FALSE(pictures.has(hash));
  EXPECT_EQ(pictures.put(as_bytes("abc")).hash, hash);
  EXPECT_EQ(pictures.put(as_bytes("abc")).hash, hash);
  EXPECT_EQ(pictures.path(hash), folder / ("pictures/bd/" + hash.substr(2)));
  EXPECT_EQ(pictures.read(hash).size(), 3U);
  pictures.erase(hash);
  EXPECT_FALSE(pictures.has(hash));
  pictures.erase(hash);
}

TEST(PictureFolder, KnowsAPictureThatWasErasedAndPutAgain) {
  const TemporaryFolder folder;
  const PictureFolder pictures(folder.path());
  const auto kept = pictures.put(as_bytes("abc"));
  EXPECT_TRUE(pictures.is_still(kept));
  EXPECT_TRUE(pictures.is_still(pictures.put(as_bytes("abc"))));
  pictures.erase(kept.hash);
  std::this_thread::sleep_for(std::chrono::milliseconds(20));  // file systems count time in ticks
  EXPECT_FALSE(pictures.is_still(kept));
  pictures.put(as_bytes("abc"));
  EXPECT_FALSE(pictures.is_still(kept));
}

TEST(PictureFolder, TellsWhenAPictureIsDamagedOrItsNameNoHash) {
  const TemporaryFolder folder;
  const PictureFolder pictures(folder.path());
  const auto hash = pictures.put(as_bytes("abc")).hash;
  std::ofstream(pictures.path(hash)) << "abd";
  EXPECT_THROW(pictures.read(hash), IoError);
  EXPECT_THROW(pictures.read("../../etc/passwd"), IoError);
  EXPECT_THROW(pictures.read(std::string(64, '/')), IoError);
}

TEST(PictureFolder, RemovesWhatOldWritesLeftAndNothingElse) {
  const TemporaryFolder folder;
  const PictureFolder pictures(folder.path());
  const auto hash = pictures.put(as_bytes("abc")).hash;
  const fs::path old = pictures.path(hash).string() + ".1-0.tmp", fresh = pictures.path(hash).string() + ".1-1.tmp";
  std::ofstream(old) << "a part";
  std::ofstream(fresh) << "a part";
  const auto yesterday = fs::file_time_type::clock::now() - std::chrono::hours(24);
  fs::last_write_time(old, yesterday);
  fs::last_write_time(pictures.path(hash), yesterday);
  pictures.remove_unfinished();
  EXPECT_FALSE(fs::exists(old));
  EXPECT_TRUE(fs::exists(fresh));
  EXPECT_TRUE(pictures.has(hash));
}

}  // namespace
}  // namespace naevus::store
