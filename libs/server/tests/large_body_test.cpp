#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "client.hpp"
#include "naevus/server/listener.hpp"

namespace naevus::server {
namespace {

using namespace std::chrono_literals;
using testing::EndsWith;
using testing::HasSubstr;

/// A server that answers every request with the same large body.
class LargeBody : public testing::Test {
 protected:
  void start(std::size_t bytes, ListenerLimits limits = {}) {
    std::vector<std::byte> content(bytes);
    for (std::size_t i = 0; i < bytes; ++i) content[i] = static_cast<std::byte>('a' + i / 1000 % 26);
    body_ = std::make_shared<const std::vector<std::byte>>(std::move(content));
    listener_.emplace(ListenerOptions{.port = 0, .limits = limits});
    listener_->start(
        [this](auto, auto done) {
          done({.run = [this](std::shared_ptr<Exchange> exchange) { exchange->reply({.large = SharedBytes(body_)}); }});
        },
        [](const Listener::Ended&) {});
  }

  RawClient client() { return RawClient(listener_->port()); }
  std::string request(const std::string& method, const std::string& fields = "") const {
    return fmt::format("{} / HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n{}\r\n", method, listener_->port(), fields);
  }
  std::string text() const { return {reinterpret_cast<const char*>(body_->data()), body_->size()}; }

 private:
  std::shared_ptr<const std::vector<std::byte>> body_;
  std::optional<Listener> listener_;  ///< whose threads have the body in hand
};

TEST_F(LargeBody, ComesWholeAndTheNextAnswerAfterIt) {
  start(1'000'001);
  RawClient one = client();
  one.send(request("GET") + request("GET"));
  for (int k = 0; k < 2; ++k) {
    const std::string answer = one.answer();
    EXPECT_THAT(answer, HasSubstr("\r\nContent-Length: 1000001\r\n"));
    EXPECT_TRUE(answer.ends_with("\r\n\r\n" + text()));
  }
}

TEST_F(LargeBody, IsToldOfByHeadAndNotSent) {
  start(1'000'001);
  RawClient one = client();
  one.send(request("HEAD", "Connection: close\r\n"));
  const std::string answer = one.rest();
  EXPECT_THAT(answer, HasSubstr("\r\nContent-Length: 1000001\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\n"));
}

TEST_F(LargeBody, MayTakeLongerThanASmallOne) {
  constexpr std::size_t bytes = std::size_t{48} << 20, step = std::size_t{4} << 20;
  start(bytes, {.write = 4s});  // the kernel holds some megabytes on their way: the server writes for 8 s or more
  RawClient one = client();
  one.send(request("GET"));
  std::size_t read = 0;
  for (std::size_t came = step; came == step && read < bytes; read += came) {
    std::this_thread::sleep_for(1s);
    came = one.take(step);
  }
  EXPECT_GE(read, bytes);
}

}  // namespace
}  // namespace naevus::server
