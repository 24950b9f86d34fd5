#include "naevus/jobs/process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "naevus/base/error.hpp"

namespace naevus::jobs {
namespace {

using std::chrono::milliseconds;

Command shell(const std::string& script) {
  return {.program = "/bin/sh", .arguments = {"-c", script}};
}

TEST(Process, GivesItsLinesInOrderAndTheLastOneWithoutAnEndToo) {
  std::vector<std::string> lines;
  const auto outcome =
      run(shell("echo one; echo; printf three"), [&](const std::string& line) { lines.push_back(line); }, StopToken());
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(lines, testing::ElementsAre("one", "", "three"));
}

TEST(Process, GivesItsErrorsApartAndTheEnvironmentAsked) {
  setenv("NAEVUS_TEST_VARIABLE", "ours", 1);
  std::vector<std::string> lines, errors;
  auto command = shell("echo out; echo err >&2; echo $NAEVUS_TEST_VARIABLE; nice; exec >&-; echo last >&2");
  command.on_error_line = [&](const std::string& line) { errors.push_back(line); };
  command.environment = {{"NAEVUS_TEST_VARIABLE", "theirs"}};
  command.in_background = true;
  EXPECT_EQ(run(command, [&](const std::string& line) { lines.push_back(line); }, StopToken()).exit_code, 0);
  EXPECT_THAT(lines, testing::ElementsAre("out", "theirs", "19"));
  EXPECT_THAT(errors, testing::ElementsAre("err", "last"));
}

TEST(Process, TellsTheExitCodeAndTheSignalThatEndedIt) {
  EXPECT_EQ(run(shell("exit 3"), {}, StopToken()).exit_code, 3);
  EXPECT_EQ(run(shell("kill -9 $$"), {}, StopToken()).exit_code, 128 + 9);
}

TEST(Process, ThatCannotBeStartedIsAnErrorThatNamesIt) {
  try {
    run({.program = "/nowhere/program"}, {}, StopToken());
    FAIL();
  } catch (const IoError& error) {
    EXPECT_EQ(error.where(), "/nowhere/program");
    EXPECT_THAT(error.problem(), testing::HasSubstr("No such file"));
  }
}

TEST(Process, IsAskedToStopAndMayEndInItsOwnWay) {
  StopToken stop;
  const auto outcome = run(
      shell("trap 'exit 130' TERM; echo ready; while :; do sleep 0.02; done"),
      [&](const std::string&) { stop.request(); }, stop);
  EXPECT_TRUE(outcome.cancelled);
  EXPECT_EQ(outcome.exit_code, 130);
}

TEST(Process, IsKilledWhenItDoesNotStopWithinTheGrace) {
  auto command = shell("trap '' TERM; while :; do sleep 0.02; done");
  command.limits.time = milliseconds(100);
  command.limits.grace = milliseconds(100);
  const auto outcome = run(command, {}, StopToken());
  EXPECT_TRUE(outcome.timed_out);
  EXPECT_EQ(outcome.exit_code, 128 + 9);
}

TEST(Process, GetsNoMoreMemoryThanItsLimit) {
  auto command = shell("head -c 200000000 /dev/zero | tail -c 200000000 | wc -c");
  command.limits.memory = 100'000'000;
  std::string counted;
  run(command, [&](const std::string& line) { counted = line; }, StopToken());
  EXPECT_NE(counted, "200000000");
}

TEST(Process, WritesItsErrorsToTheFile) {
  const auto file = std::filesystem::path(testing::TempDir()) / "naevus-process-errors.txt";
  std::filesystem::remove(file);
  auto command = shell("echo wrong >&2");
  command.error_file = file;
  run(command, {}, StopToken());
  std::stringstream text;
  text << std::ifstream(file).rdbuf();
  EXPECT_EQ(text.str(), "wrong\n");
}

}  // namespace
}  // namespace naevus::jobs
