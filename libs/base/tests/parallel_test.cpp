#include "naevus/base/parallel.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "naevus/base/error.hpp"

namespace naevus {
namespace {

TEST(WorkerPool, CallsEveryIndexOnce) {
  for (const int threads : {1, 2, 5}) {
    WorkerPool pool(threads);
    for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{1000}}) {
      std::vector<std::atomic<int>> calls(count);
      pool.for_each(count, [&](std::size_t i) { ++calls[i]; });
      for (const auto& call : calls) EXPECT_EQ(call.load(), 1);
    }
  }
}

TEST(WorkerPool, KeepsToItsThreads) {
  WorkerPool pool(3);
  EXPECT_EQ(pool.threads(), 3);
  std::mutex mutex;
  std::set<std::thread::id> seen;
  std::atomic<int> inside = 0, most = 0;
  pool.for_each(200, [&](std::size_t) {
    const int now = ++inside;
    int before = most;
    while (now > before && !most.compare_exchange_weak(before, now)) {
    }
    std::this_thread::sleep_for(std::chrono::microseconds(50));
    --inside;
    const std::lock_guard lock(mutex);
    seen.insert(std::this_thread::get_id());
  });
  EXPECT_LE(most.load(), 3);
}

TEST(WorkerPool, OneThreadIsTheCallers) {
  WorkerPool pool(1);
  const auto caller = std::this_thread::get_id();
  pool.for_each(50, [&](std::size_t) { EXPECT_EQ(std::this_thread::get_id(), caller); });
}

TEST(WorkerPool, ZeroMeansAllCores) {
  EXPECT_EQ(WorkerPool(0).threads(), available_cores());
}

TEST(WorkerPool, AnExceptionReachesTheCallerAndEndsTheRest) {
  WorkerPool pool(2);
  std::atomic<int> done = 0;
  try {
    pool.for_each(100'000, [&](std::size_t i) {
      if (i == 10) throw InputError("broken", "item 10");
      ++done;
      std::this_thread::sleep_for(std::chrono::microseconds(5));
    });
    FAIL() << "nothing was thrown";
  } catch (const InputError& error) {
    EXPECT_EQ(error.where(), "item 10");
  }
  EXPECT_LT(done.load(), 100'000);
  std::atomic<int> again = 0;
  pool.for_each(10, [&](std::size_t) { ++again; });
  EXPECT_EQ(again.load(), 10);
}

TEST(StopToken, CopiesShareTheRequest) {
  const StopToken token;
  StopToken copy = token;
  EXPECT_FALSE(token.requested());
  EXPECT_NO_THROW(token.check());
  copy.request();
  EXPECT_TRUE(token.requested());
  EXPECT_THROW(token.check(), Cancelled);
  EXPECT_FALSE(StopToken().requested());
}

TEST(StopTokenDeathTest, SignalsAskToStopAndASecondInterruptEndsTheProcess) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        const StopToken token = interrupt_token();
        std::raise(SIGINT);
        if (!token.requested()) std::_Exit(1);
        std::raise(SIGINT);
        std::_Exit(2);
      },
      testing::ExitedWithCode(130), "");
  EXPECT_EXIT(
      {
        const StopToken token = interrupt_token();
        std::raise(SIGTERM);
        std::_Exit(token.requested() ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

TEST(Cores, AreAtLeastOne) {
  EXPECT_GE(available_cores(), 1);
  EXPECT_LE(available_cores(), static_cast<int>(std::max(1U, std::thread::hardware_concurrency())));
}

}  // namespace
}  // namespace naevus
