#include "password_desk.hpp"

#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>

#include "naevus/server/http.hpp"

namespace naevus::server {
namespace {

template <typename Work>
unsigned refusal_of(const Work& work) {
  try {
    work();
  } catch (const Refusal& refusal) {
    EXPECT_EQ(refusal.fields().at(0).first, "Retry-After");
    return refusal.status();
  }
  return 0;
}

TEST(PasswordDesk, StopsAnAddressBeforeTheNameThatItGuessesAt) {
  PasswordDesk desk;
  for (int k = 0; k < 10; ++k) desk.admit("10.0.0.1", "ada");
  EXPECT_EQ(refusal_of([&] { desk.admit("10.0.0.1", "ada"); }), 429U);
  EXPECT_EQ(refusal_of([&] { desk.admit("10.0.0.1", "ben"); }), 429U);
  EXPECT_EQ(refusal_of([&] { desk.admit("10.0.0.2", "ada"); }), 0U);
}

TEST(PasswordDesk, StopsGuessesAtANameFromManyAddresses) {
  PasswordDesk desk;
  int refused = 0;
  for (int k = 0; k < 60; ++k)
    if (refusal_of([&] { desk.admit("10.0.1." + std::to_string(k), "ada"); }) == 429) ++refused;
  EXPECT_GT(refused, 0);
  EXPECT_LE(refused, 30);
  EXPECT_EQ(refusal_of([&] { desk.admit("10.0.2.1", "ben"); }), 0U);
}

TEST(PasswordDesk, CountsGuessesWithoutANameByTheirAddress) {
  PasswordDesk desk;
  for (int k = 0; k < 5; ++k) {
    desk.admit("10.0.0.1");
    desk.admit("10.0.0.1", "ada");
  }
  EXPECT_EQ(refusal_of([&] { desk.admit("10.0.0.1"); }), 429U);
  EXPECT_EQ(refusal_of([&] { desk.admit("10.0.0.1", "ada"); }), 429U);
  for (int k = 0; k < 60; ++k) EXPECT_EQ(refusal_of([&] { desk.admit("10.0.3." + std::to_string(k)); }), 0U);
}

TEST(PasswordDesk, WorksAtTwoAtOnceAndLetsNoMoreThanThirtyTwoWait) {
  std::mutex mutex;
  std::condition_variable news;
  bool open = false;
  int at_once = 0, most = 0, done = 0;
  {
    PasswordDesk desk;
    const auto work = [&] {
      std::unique_lock lock(mutex);
      most = std::max(most, ++at_once);
      news.wait(lock, [&] { return open; });
      --at_once;
      ++done;
    };
    for (int k = 0; k < 32; ++k) desk.post(work);
    EXPECT_EQ(refusal_of([&] { desk.post(work); }), 503U);
    {
      const std::lock_guard lock(mutex);
      open = true;
    }
    news.notify_all();
  }
  EXPECT_EQ(done, 32);
  EXPECT_LE(most, 2);
}

}  // namespace
}  // namespace naevus::server
