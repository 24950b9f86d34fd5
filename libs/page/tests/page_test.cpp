#include "naevus/page/page.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

namespace naevus::page {
namespace {

namespace fs = std::filesystem;

/// What Vite built, by path.
std::map<std::string, std::string> built() {
  const fs::path dist = NAEVUS_PAGE_DIST;
  std::map<std::string, std::string> result;
  for (const auto& entry : fs::recursive_directory_iterator(dist)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    result[entry.path().lexically_relative(dist).generic_string()] = {std::istreambuf_iterator<char>(in), {}};
  }
  return result;
}

TEST(Page, HoldsWhatWasBuiltByteForByte) {
  std::map<std::string, std::string> held;
  for (const File& file : files()) held[std::string(file.path)] = inflated(file);
  EXPECT_EQ(held.size(), files().size());
  EXPECT_TRUE(held == built());
  EXPECT_TRUE(held.contains("index.html"));
}

TEST(Page, FindsAFileByItsWholePathAlone) {
  for (const File& file : files()) {
    EXPECT_EQ(find(file.path), &file);
    EXPECT_EQ(find(std::string(file.path) + "x"), nullptr);
    EXPECT_EQ(find(file.path.substr(1)), nullptr);
  }
  for (const char* none : {"", "/", "assets", "assets/", "/index.html", "../index.html", "zzz"})
    EXPECT_EQ(find(none), nullptr) << none;
}

TEST(Page, CallsNothingImmutableButWhatIsNamedByItsContent) {
  for (const File& file : files()) {
    if (!file.immutable) continue;
    EXPECT_THAT(std::string(file.path), testing::MatchesRegex("assets/.+-.{8}[.][a-z0-9]+"));
  }
  ASSERT_NE(find("index.html"), nullptr);
  EXPECT_FALSE(find("index.html")->immutable);
}

}  // namespace
}  // namespace naevus::page
