#include "naevus/base/progress.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <sstream>

namespace naevus {
namespace {

TEST(Progress, TellsAnotherProgramHowFarItIsWhereThatIsAsked) {
  setenv("NAEVUS_PROGRESS", "lines", 1);
  testing::internal::CaptureStderr();
  {
    Progress progress("decoding\nall", 8);
    progress.note("half\tof it");
    progress.advance(4);
    progress.finish();
    progress.advance(4);
  }
  unsetenv("NAEVUS_PROGRESS");
  std::istringstream said(testing::internal::GetCapturedStderr());
  std::optional<ProgressState> last;
  for (std::string line; std::getline(said, line);) {
    last = read_progress(line);
    ASSERT_TRUE(last) << line;
  }
  ASSERT_TRUE(last);
  EXPECT_EQ(last->label, "decoding all");
  EXPECT_EQ(last->note, "half of it");
  EXPECT_EQ(last->done, 4U);
  EXPECT_EQ(last->total, 8U);
  ASSERT_TRUE(last->seconds_left);
  EXPECT_GE(*last->seconds_left, 0);
}

TEST(Progress, AnEventIsToldToWhoAskedForLinesAlone) {
  testing::internal::CaptureStderr();
  tell_event(R"({"epoch":1})");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  setenv("NAEVUS_PROGRESS", "lines", 1);
  testing::internal::CaptureStderr();
  tell_event("{\"epoch\":\n2}");
  unsetenv("NAEVUS_PROGRESS");
  const std::string said = testing::internal::GetCapturedStderr();
  ASSERT_TRUE(said.ends_with("\n"));
  EXPECT_EQ(read_event(said.substr(0, said.size() - 1)), R"({"epoch": 2})");
  EXPECT_FALSE(read_event("epoch 2"));
}

TEST(Progress, OfAnotherProgramIsReadFromItsOwnLinesAlone) {
  for (const char* line : {"", "naevus train: no such file", "naevus-progress", "naevus-progress\tx\ty\t2\t\t",
                           "naevus-progress\tx\t1\t-2\t\t"})
    EXPECT_FALSE(read_progress(line)) << line;
  EXPECT_FALSE(read_progress("naevus-progress\tx\t1\t2\t\t")->seconds_left);
}

}  // namespace
}  // namespace naevus
