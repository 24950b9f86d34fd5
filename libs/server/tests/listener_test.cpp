#include "naevus/server/listener.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "client.hpp"
#include "naevus/base/error.hpp"

namespace naevus::server {
namespace {

using namespace std::chrono_literals;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// A server that says what it was sent: at /echo at once, at /later when it is told to. Bodies: 1000 bytes.
class ListenerTest : public testing::Test {
 protected:
  void start(ListenerOptions options = {}) {
    options.port = 0;
    listener_.emplace(options);
    listener_->start([this](auto head, auto done) { done(plan(*head)); },
                     [this](const Listener::Ended& ended) {
                       const std::lock_guard lock(mutex_);
                       ended_.push_back(fmt::format("{} {}", ended.status, ended.refusal));
                       news_.notify_all();
                     });
  }

  Plan plan(const Head& head) {
    if (head.path == std::vector<std::string>{"refused"}) return {.refusal = Refusal(403, "no", "not you")};
    if (head.path == std::vector<std::string>{"lasting"})
      return {.run = [this](const std::shared_ptr<Exchange>& exchange) {
        exchange->reply({.content_type = "text/plain", .large = SharedBytes(lasting_)});
      }};
    const bool later = head.path == std::vector<std::string>{"later"};
    return {.body_limit = 1000, .run = [this, later](std::shared_ptr<Exchange> exchange) {
              if (!later) return echo(*exchange);
              const std::lock_guard lock(mutex_);
              waiting_.push_back(std::move(exchange));
              news_.notify_all();
            }};
  }

  static void echo(const Exchange& exchange) {
    exchange.reply(
        {.content_type = "text/plain",
         .body = fmt::format("{} {} '{}'", exchange.head->method, fmt::join(exchange.head->path, "/"), exchange.body)});
  }

  /// The exchange that waits for an answer.
  std::shared_ptr<Exchange> waiting() {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(news_.wait_for(lock, 60s, [&] { return !waiting_.empty(); }));
    auto exchange = std::move(waiting_.back());
    waiting_.pop_back();
    return exchange;
  }

  bool comes_to_end(const std::string& how) {
    std::unique_lock lock(mutex_);
    return news_.wait_for(lock, 60s, [&] { return std::find(ended_.begin(), ended_.end(), how) != ended_.end(); });
  }

  std::string host() const { return fmt::format("Host: 127.0.0.1:{}\r\n", listener_->port()); }
  std::string get(const std::string& path, const std::string& more = "") const {
    return fmt::format("GET {} HTTP/1.1\r\n{}{}\r\n", path, host(), more);
  }
  std::string post(const std::string& path, const std::string& body, const std::string& more = "") const {
    return fmt::format("POST {} HTTP/1.1\r\n{}{}Content-Length: {}\r\n\r\n{}", path, host(), more, body.size(), body);
  }
  std::string chunked(const std::string& chunks, const std::string& more = "") const {
    return fmt::format("POST /echo HTTP/1.1\r\n{}Transfer-Encoding: chunked\r\n{}\r\n{}", host(), more, chunks);
  }

  RawClient client() const { return RawClient(listener_->port()); }
  std::string answer_to(const std::string& request) const {
    RawClient one(listener_->port());
    one.send(request);
    return one.answer();
  }
  Listener& listener() { return *listener_; }
  const std::string& lasting() const { return lasting_; }

 private:
  const std::string lasting_ = std::string(2'500'000, 'a') + "end";
  std::mutex mutex_;
  std::condition_variable news_;
  std::vector<std::shared_ptr<Exchange>> waiting_;
  std::vector<std::string> ended_;
  std::optional<Listener> listener_;
};

TEST_F(ListenerTest, AnswersWhatWasPipelinedInItsOrder) {
  start();
  RawClient one = client();
  one.send(post("/echo", "first") + get("/echo") + chunked("3\r\nthi\r\n2\r\nrd\r\n0\r\n\r\n"));
  EXPECT_THAT(one.answer(), EndsWith("POST echo 'first'"));
  EXPECT_THAT(one.answer(), EndsWith("GET echo ''"));
  EXPECT_THAT(one.answer(), EndsWith("POST echo 'third'"));
}

TEST_F(ListenerTest, AnswersOnePipelinedRequestAfterTheOther) {
  start();
  RawClient one = client();
  one.send(get("/later") + get("/echo"));
  const auto exchange = waiting();
  EXPECT_FALSE(exchange->abandoned->load());
  exchange->reply({.body = "late"});
  EXPECT_THAT(one.answer(), EndsWith("late"));
  EXPECT_THAT(one.answer(), EndsWith("GET echo ''"));
}

TEST_F(ListenerTest, SendsWhatLastsWholeAndGoesOn) {
  start();
  RawClient one = client();
  one.send(get("/lasting") + get("/lasting") + get("/echo"));
  for (int i = 0; i < 2; ++i) {
    const std::string answer = one.answer();
    EXPECT_THAT(answer.substr(0, 15), StartsWith("HTTP/1.1 200 OK"));
    EXPECT_TRUE(answer.ends_with("\r\n\r\n" + lasting()));
  }
  EXPECT_THAT(one.answer(), EndsWith("GET echo ''"));
  RawClient asks_for_its_header = client();
  asks_for_its_header.send("HEAD /lasting HTTP/1.1\r\nConnection: close\r\n" + host() + "\r\n");
  const std::string header = asks_for_its_header.rest();
  EXPECT_THAT(header, HasSubstr(fmt::format("\r\nContent-Length: {}\r\n", lasting().size())));
  EXPECT_THAT(header, EndsWith("\r\n\r\n"));
}

TEST_F(ListenerTest, ProtectsEveryAnswer) {
  start();
  for (const std::string& answer : {answer_to(get("/echo")), answer_to("nonsense\r\n\r\n"), answer_to(get("/refused"))})
    for (const char* field :
         {"Content-Security-Policy: default-src 'none'", "X-Content-Type-Options: nosniff", "Cache-Control: no-store",
          "Cross-Origin-Resource-Policy: same-origin", "\r\nDate: ", "X-Request-Id: "})
      EXPECT_THAT(answer, HasSubstr(field));
}

TEST_F(ListenerTest, ServesItsOwnNamesAlone) {
  start({.names = {"Clinic.example"}});
  const auto status = [&](const std::string& fields) {
    return answer_to("GET /echo HTTP/1.1\r\n" + fields + "\r\n").substr(9, 3);
  };
  const int port = listener().port();
  EXPECT_EQ(status(fmt::format("Host: localhost:{}\r\n", port)), "200");
  EXPECT_EQ(status(fmt::format("Host: CLINIC.example:{}\r\n", port)), "200");
  EXPECT_EQ(status(""), "400");
  EXPECT_EQ(status(host() + host()), "400");
  for (const std::string& wrong : {std::string("evil.example"), fmt::format("evil.example:{}", port),
                                   std::string("127.0.0.1"), fmt::format("127.0.0.1:{}", port + 1)})
    EXPECT_EQ(status(fmt::format("Host: {}\r\n", wrong)), "421") << wrong;
  EXPECT_EQ(status(host() + fmt::format("Origin: http://localhost:{}\r\n", port)), "200");
  for (const std::string& wrong :
       {std::string("null"), std::string("https://evil.example"), fmt::format("https://127.0.0.1:{}", port),
        fmt::format("http://127.0.0.1:{}/", port), std::string()})
    EXPECT_EQ(status(host() + fmt::format("Origin: {}\r\n", wrong)), "403") << wrong;
}

TEST_F(ListenerTest, ServesTheNameAndPortOfWhatStandsBeforeIt) {
  start({.names = {"Clinic.example:80", "balanced.example:9000"}});
  const auto status = [&](const std::string& fields) {
    return answer_to("GET /echo HTTP/1.1\r\n" + fields + "\r\n").substr(9, 3);
  };
  EXPECT_EQ(status("Host: clinic.example\r\n"), "200");
  EXPECT_EQ(status("Host: balanced.example:9000\r\nOrigin: http://balanced.example:9000\r\n"), "200");
  EXPECT_EQ(status("Host: balanced.example\r\n"), "421");
  EXPECT_EQ(status("Host: clinic.example:9000\r\n"), "421");
}

TEST_F(ListenerTest, TakesBodiesUpToTheLimitAndNoLarger) {
  start();
  EXPECT_THAT(answer_to(post("/echo", std::string(1000, 'x'))), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(answer_to(post("/echo", std::string(1001, 'x'))), StartsWith("HTTP/1.1 413"));
  EXPECT_THAT(answer_to(chunked("3e8\r\n" + std::string(1000, 'x') + "\r\n0\r\n\r\n")), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(answer_to(chunked("3e9\r\n" + std::string(1001, 'x') + "\r\n0\r\n\r\n")), StartsWith("HTTP/1.1 413"));
  EXPECT_THAT(
      answer_to(chunked("1f4\r\n" + std::string(500, 'x') + "\r\n1f5\r\n" + std::string(501, 'x') + "\r\n0\r\n\r\n")),
      StartsWith("HTTP/1.1 413"));
  EXPECT_THAT(answer_to(chunked("ffffffffffffffff\r\n")), StartsWith("HTTP/1.1 4"));
  EXPECT_THAT(answer_to("POST /echo HTTP/1.1\r\n" + host() + "Content-Length: 18446744073709551615\r\n\r\n"),
              StartsWith("HTTP/1.1 4"));
}

TEST_F(ListenerTest, RefusesABodyBeforeItIsSent) {
  start();
  for (const std::string path : {"/refused", "/echo"}) {
    RawClient one = client();
    one.send(fmt::format("POST {} HTTP/1.1\r\n{}Content-Length: 5000\r\nExpect: 100-continue\r\n\r\n", path, host()));
    EXPECT_THAT(one.rest(),
                StartsWith(path == "/echo" ? "HTTP/1.1 413" : "HTTP/1.1 403"));  // and closes: the rest is no request
  }
  RawClient one = client();
  one.send(fmt::format("POST /echo HTTP/1.1\r\n{}Content-Length: 2\r\nExpect: 100-continue\r\n\r\n", host()));
  EXPECT_THAT(one.answer(), StartsWith("HTTP/1.1 100 Continue"));
  one.send("hi");
  EXPECT_THAT(one.answer(), EndsWith("'hi'"));
}

TEST_F(ListenerTest, TakesHeadersUpToTheLimitsAndNoLarger) {
  start();
  std::string many;
  for (int i = 0; i < 99; ++i) many += fmt::format("X-{}: 1\r\n", i);
  EXPECT_THAT(answer_to(get("/echo", many)), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(answer_to(get("/echo", many + "X-99: 1\r\n")), StartsWith("HTTP/1.1 431"));
  EXPECT_THAT(answer_to(get("/echo", "X: " + std::string(15'000, 'x') + "\r\n")), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(answer_to(get("/echo", "X: " + std::string(17'000, 'x') + "\r\n")), StartsWith("HTTP/1.1 431"));
  EXPECT_THAT(answer_to(get("/" + std::string(17'000, 'x'))), StartsWith("HTTP/1.1 431"));
}

TEST_F(ListenerTest, TrailersChangeNothingAndHaveALimit) {
  start();
  EXPECT_THAT(answer_to(chunked("2\r\nhi\r\n0\r\nHost: evil.example\r\n\r\n")), EndsWith("'hi'"));
  EXPECT_THAT(answer_to(chunked("2\r\nhi\r\n0\r\nX: " + std::string(80'000, 'x') + "\r\n\r\n")),
              StartsWith("HTTP/1.1 431"));
  std::string many;
  for (int i = 0; i < 9000; ++i) many += fmt::format("X-{}: 1\r\n", i);
  EXPECT_THAT(answer_to(chunked("2\r\nhi\r\n0\r\n" + many + "\r\n")), StartsWith("HTTP/1.1 431"));
}

TEST_F(ListenerTest, RefusesCodingsThatItDoesNotKnow) {
  start();
  const auto status = [&](const std::string& fields) {
    return answer_to("POST /echo HTTP/1.1\r\n" + host() + fields + "\r\n2\r\nhi\r\n0\r\n\r\n").substr(9, 3);
  };
  EXPECT_EQ(status("Transfer-Encoding: Chunked\r\n"), "200");
  for (const char* wrong : {"gzip, chunked", "chunked, chunked", "identity", "gzip", "chunked;q=1"})
    EXPECT_THAT(status(fmt::format("Transfer-Encoding: {}\r\n", wrong)), testing::AnyOf("501", "400")) << wrong;
  EXPECT_EQ(status("Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n"), "415");
  EXPECT_EQ(status("Transfer-Encoding: chunked\r\nContent-Length: 2\r\n"), "400");
  EXPECT_EQ(status("Content-Length: 2\r\nContent-Length: 3\r\n"), "400");
  EXPECT_EQ(status("Content-Length: -2\r\n"), "400");
  EXPECT_EQ(status("Transfer-Encoding: chunked\r\nExpect: tea\r\n"), "417");
}

TEST_F(ListenerTest, NonsenseIsAnsweredAndEndsTheConnection) {
  start();
  for (const std::string& sent :
       {std::string(5000, '\0'), std::string("\x16\x03\x01\x02", 4) + std::string(200, '\1'),
        std::string("GET\r\n\r\n"), std::string("GET / HTTP/9.9\r\n\r\n"), std::string("GET  / HTTP/1.1\r\n\r\n"),
        std::string("G\tT / HTTP/1.1\r\n\r\n"), get("/%00"), get("//"), get("/../etc/passwd")}) {
    RawClient one = client();
    one.send(sent + get("/echo"));
    one.close_sending();
    const std::string all = one.rest();
    EXPECT_THAT(all, testing::MatchesRegex("HTTP/1\\.[01] [45].*")) << sent;
  }
  EXPECT_THAT(answer_to(get("/echo")), StartsWith("HTTP/1.1 200"));
}

TEST_F(ListenerTest, HeadHasNoBody) {
  start();
  RawClient one = client();
  one.send("HEAD /echo HTTP/1.1\r\n" + host() + "Connection: close\r\n\r\n");
  const std::string answer = one.rest();
  EXPECT_THAT(answer, HasSubstr("Content-Length: 11\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\n"));
}

TEST_F(ListenerTest, GivesSlowClientsUpAndServesTheOthers) {
  start({.limits = {.idle = 300ms, .header = 300ms, .body = 300ms}});
  std::deque<RawClient> slow;
  std::string half = post("/echo", "whole");
  half.pop_back();
  for (int i = 0; i < 30; ++i) slow.emplace_back(listener().port());
  for (std::size_t i = 0; i < slow.size(); ++i)
    if (i % 3 != 0) slow[i].send(i % 3 == 1 ? "GET /echo HT" : half);
  EXPECT_THAT(answer_to(get("/echo")), StartsWith("HTTP/1.1 200"));
  for (RawClient& one : slow) EXPECT_EQ(one.rest(), "");
  EXPECT_TRUE(comes_to_end("408 slow-header"));
  EXPECT_TRUE(comes_to_end("408 slow-body"));
}

TEST_F(ListenerTest, TellsThatTheClientIsGone) {
  start();
  RawClient one = client();
  one.send(get("/later"));
  const auto exchange = waiting();
  one.close();
  while (!exchange->abandoned->load()) std::this_thread::sleep_for(1ms);  // the test's own time limit ends it otherwise
  exchange->reply({.body = "to nobody"});
  EXPECT_TRUE(comes_to_end("200 "));
}

TEST_F(ListenerTest, TakesSoManyConnectionsOfAnAddress) {
  start({.limits = {.connections_per_address = 2}});
  RawClient first = client(), second = client();
  first.send(get("/echo"));
  second.send(get("/echo"));
  EXPECT_THAT(first.answer(), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(second.answer(), StartsWith("HTTP/1.1 200"));
  RawClient third = client();
  EXPECT_THAT(third.rest(), StartsWith("HTTP/1.1 503"));
  first.close();
  second.close();
  std::string answer;
  for (int k = 0; k < 600 && !answer.starts_with("HTTP/1.1 200"); ++k) {
    answer = answer_to(get("/echo"));
    std::this_thread::sleep_for(10ms);
  }
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200"));
}

TEST_F(ListenerTest, BodiesHaveABudget) {
  start({.limits = {.bodies = 1500}});
  RawClient first = client();
  first.send(post("/later", std::string(1000, 'x')));
  const auto exchange = waiting();
  EXPECT_THAT(answer_to(post("/echo", std::string(600, 'x'))),
              testing::AllOf(StartsWith("HTTP/1.1 503"), HasSubstr("Retry-After")));
  EXPECT_THAT(answer_to(post("/echo", std::string(400, 'x'))), StartsWith("HTTP/1.1 200"));
  exchange->reply({});
  EXPECT_THAT(first.answer(), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(answer_to(post("/echo", std::string(1000, 'x'))), StartsWith("HTTP/1.1 200"));
}

TEST_F(ListenerTest, AnnouncedBodiesTakeNoRoomUntilTheyCome) {
  start({.limits = {.bodies = 1500}});
  const std::string whole = post("/echo", std::string(1000, 'x'));
  RawClient first = client(), second = client();
  for (RawClient* const one : {&first, &second}) one->send(whole.substr(0, whole.size() - 900));
  EXPECT_THAT(answer_to(whole), StartsWith("HTTP/1.1 200"));
  first.send(whole.substr(whole.size() - 900));
  EXPECT_THAT(first.answer(), StartsWith("HTTP/1.1 200"));
}

TEST_F(ListenerTest, ChunkedBodiesHaveTheSameBudget) {
  start({.limits = {.bodies = 1500}});
  RawClient first = client();
  first.send(post("/later", std::string(1000, 'x')));
  const auto exchange = waiting();
  EXPECT_THAT(answer_to(chunked("258\r\n" + std::string(600, 'x') + "\r\n0\r\n\r\n")), StartsWith("HTTP/1.1 503"));
  EXPECT_THAT(answer_to(chunked("190\r\n" + std::string(400, 'x') + "\r\n0\r\n\r\n")), StartsWith("HTTP/1.1 200"));
  exchange->reply({});
  EXPECT_THAT(first.answer(), StartsWith("HTTP/1.1 200"));
}

TEST_F(ListenerTest, DrainsWhatIsUnderWayAndNothingElse) {
  start();
  RawClient idle = client(), busy = client();
  idle.send(get("/echo"));
  EXPECT_THAT(idle.answer(), StartsWith("HTTP/1.1 200"));
  busy.send(get("/later") + get("/echo"));
  const auto exchange = waiting();
  std::thread answering([&] {
    EXPECT_EQ(idle.rest(), "");  // closed at once
    exchange->reply({.body = "the last"});
  });
  EXPECT_TRUE(listener().drain(60s));
  answering.join();
  const std::string answer = busy.rest();
  EXPECT_THAT(answer, HasSubstr("Connection: close"));
  EXPECT_THAT(answer, EndsWith("the last"));
}

TEST_F(ListenerTest, DrainHasAnEnd) {
  start();
  RawClient busy = client();
  busy.send(get("/later"));
  const auto exchange = waiting();
  EXPECT_FALSE(listener().drain(50ms));
}

TEST_F(ListenerTest, APortThatIsTakenIsNamed) {
  start();
  try {
    const Listener second({.port = listener().port()});
    FAIL() << "two programs on one port";
  } catch (const IoError& error) {
    EXPECT_THAT(error.what(), HasSubstr(fmt::format("127.0.0.1:{}", listener().port())));
  }
  EXPECT_THROW(Listener({.address = "nowhere", .port = 0}), IoError);
  EXPECT_THROW(Listener({.port = 0, .tls = {.certificate = "none.pem", .key = "none.pem"}}), InputError);
}

}  // namespace
}  // namespace naevus::server
