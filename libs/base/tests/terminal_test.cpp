#include "naevus/base/terminal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "naevus/base/progress.hpp"

namespace naevus {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// What a program prints that runs on a terminal of its own.
std::string on_terminal(const std::function<void()>& program) {
  int terminal = -1;
  const pid_t child = ::forkpty(&terminal, nullptr, nullptr, nullptr);
  if (child == 0) {
    program();
    std::fflush(nullptr);
    std::_Exit(0);
  }
  std::string text;
  char buffer[4096];
  for (ssize_t got = 0; (got = ::read(terminal, buffer, sizeof buffer)) > 0;)
    text.append(buffer, static_cast<std::size_t>(got));
  ::close(terminal);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  return text;
}

TEST(Terminal, ColoursOnlyOnATerminalAndWithoutNoColor) {
  const auto print = [] { std::fputs(styled("word", Style::red).c_str(), stdout); };
  ::unsetenv("NO_COLOR");
  EXPECT_EQ(on_terminal(print), "\x1b[31mword\x1b[0m");
  ::setenv("NO_COLOR", "1", 1);
  EXPECT_EQ(on_terminal(print), "word");
  ::setenv("NO_COLOR", "", 1);  // empty counts as not set
  EXPECT_THAT(on_terminal(print), HasSubstr("\x1b["));
  ::unsetenv("NO_COLOR");
}

TEST(Progress, ShowsCountBarRateAndNoteOnATerminal) {
  const std::string text = on_terminal([] {
    Progress progress("decoding", 2000);
    progress.advance(1000);
    progress.note("loss 0.641");
    progress.finish();
    progress.advance(1000);  // after the end nothing is drawn
  });
  EXPECT_THAT(text, HasSubstr("decoding"));
  EXPECT_THAT(text, HasSubstr("1,000/2,000"));
  EXPECT_THAT(text, HasSubstr("━━━━━━━━━━━───────────"));
  EXPECT_THAT(text, HasSubstr("loss 0.641"));
  EXPECT_THAT(text, Not(HasSubstr("2,000/2,000")));
  EXPECT_TRUE(text.ends_with("\n"));
}

TEST(Progress, OfUnknownLengthHasNoBar) {
  const std::string text = on_terminal([] {
    Progress progress("reading", 0);
    progress.advance(5);
  });
  EXPECT_THAT(text, HasSubstr("reading"));
  EXPECT_THAT(text, Not(HasSubstr("─")));
}

TEST(Progress, IsSilentOffATerminal) {
  testing::internal::CaptureStderr();
  {
    Progress progress("decoding", 10);
    progress.advance(10);
  }
  EXPECT_THAT(testing::internal::GetCapturedStderr(), IsEmpty());
}

TEST(Progress, CountsFromManyThreads) {
  const std::string text = on_terminal([] {
    Progress progress("working", 4000);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&] {
        for (int i = 0; i < 1000; ++i) progress.advance();
      });
    for (std::thread& thread : threads) thread.join();
  });
  EXPECT_THAT(text, HasSubstr("4,000/4,000"));
}

TEST(Progress, DurationsReadLikeSpeech) {
  EXPECT_EQ(duration_text(0), "0 s");
  EXPECT_EQ(duration_text(7.6), "8 s");
  EXPECT_EQ(duration_text(59.7), "1 min 00 s");
  EXPECT_EQ(duration_text(192), "3 min 12 s");
  EXPECT_EQ(duration_text(3599.6), "1 h 00 min");
  EXPECT_EQ(duration_text(3840), "1 h 04 min");
  EXPECT_EQ(duration_text(-5), "0 s");
}

TEST(Progress, NumbersAreGrouped) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(5984), "5,984");
  EXPECT_EQ(grouped(1234567), "1,234,567");
  EXPECT_EQ(grouped(18446744073709551615ULL), "18,446,744,073,709,551,615");
}

}  // namespace
}  // namespace naevus
