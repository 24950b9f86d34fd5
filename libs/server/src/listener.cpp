#include "naevus/server/listener.hpp"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <optional>
#include <thread>

#include "connection.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/log.hpp"
#include "tls.hpp"

namespace naevus::server {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using boost::system::error_code;
using namespace std::chrono_literals;

asio::awaitable<void> wait(asio::steady_timer& timer, std::chrono::steady_clock::duration duration) {
  error_code cancelled;
  timer.expires_after(duration);
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
}

std::string bracketed(const asio::ip::address& address) {
  return address.is_v6() ? "[" + address.to_string() + "]" : address.to_string();
}

std::vector<std::string> hosts(const asio::ip::address& address, const ListenerOptions& options) {
  std::vector<std::string> hosts = options.names;
  if (!options.trusted_proxies.empty())  // which are called at HTTPS's own port
    for (const std::string& name : options.names) hosts.push_back(name + ":443");
  if (!address.is_unspecified()) hosts.push_back(bracketed(address));
  if (address.is_loopback() || address.is_unspecified()) hosts.insert(hosts.end(), {"localhost", "127.0.0.1", "[::1]"});
  return hosts;
}

tcp::acceptor bound(asio::io_context& context, const ListenerOptions& options) {
  const std::string where = fmt::format("{}:{}", options.address, options.port);
  error_code error;
  const auto address = asio::ip::make_address(options.address, error);
  if (error)
    throw IoError("this is no address to listen at", options.address, "give an IP address: 127.0.0.1, 0.0.0.0");
  tcp::acceptor acceptor(context);
  const tcp::endpoint place(address, options.port);
  try {
    acceptor.open(place.protocol());
    acceptor.set_option(tcp::acceptor::reuse_address(true));
    acceptor.bind(place);
    acceptor.listen(asio::socket_base::max_listen_connections);
  } catch (const boost::system::system_error& refused) {
    if (refused.code() == asio::error::address_in_use)
      throw IoError("another program serves there", where, "stop it, or choose another --port (0: one that is free)");
    throw IoError(fmt::format("nobody can be served there: {}", refused.code().message()), where,
                  "choose another --port");
  }
  return acceptor;
}

/// For a client that is not let in.
asio::awaitable<void> turn_away(tcp::socket socket, bool plain, Refusal refusal) {
  const Response said = response_of(refusal, "");
  std::string answer = fmt::format("HTTP/1.1 {} {}\r\nContent-Type: {}\r\nConnection: close\r\nContent-Length: {}\r\n",
                                   said.status, reason_of(said.status), said.content_type, said.body.size());
  for (const auto& [name, value] : said.fields) answer += fmt::format("{}: {}\r\n", name, value);
  answer += "\r\n" + said.body;
  error_code error;
  if (plain) co_await asio::async_write(socket, asio::buffer(answer), asio::redirect_error(asio::use_awaitable, error));
  static_cast<void>(socket.shutdown(tcp::socket::shutdown_both, error));
}

}  // namespace

bool is_loopback(const std::string& address) {
  error_code error;
  return asio::ip::make_address(address, error).is_loopback();
}

struct Listener::State {
  explicit State(const ListenerOptions& options)
      : threads(options.threads), context(options.threads), acceptor(bound(context, options)) {
    if (!options.tls.certificate.empty()) tls.emplace(tls_context(options.tls));
    const auto place = acceptor.local_endpoint();
    const bool secure = tls || !options.trusted_proxies.empty();
    shared.emplace(options.limits, Names(secure ? "https" : "http", hosts(place.address(), options), place.port()),
                   Proxies(options.trusted_proxies));
  }

  asio::awaitable<void> accept() {
    while (!shared->draining) {
      while (shared->guests.count() >= shared->limits.connections && !shared->draining) co_await wait(room, 20ms);
      error_code error;
      tcp::socket socket =
          co_await acceptor.async_accept(asio::make_strand(context), asio::redirect_error(asio::use_awaitable, error));
      if (shared->draining) co_return;
      if (error) {  // out of descriptors, or the client is gone
        co_await wait(room, 100ms);
        continue;
      }
      welcome(std::move(socket));
    }
  }

  void welcome(tcp::socket socket) {
    error_code error;
    const auto remote = socket.remote_endpoint(error);
    if (error) return;
    static_cast<void>(socket.set_option(tcp::no_delay(true), error));
    const std::string address = remote.address().to_string();
    const auto executor = socket.get_executor();
    const auto refused = [&](const Refusal& refusal) {
      shared->on_end({.status = refusal.status(), .refusal = refusal.kind()});
      asio::co_spawn(executor, turn_away(std::move(socket), !tls, refusal), asio::detached);
    };
    const bool proxied = !shared->proxies.none();
    if (proxied && !shared->proxies.trusts(remote.address()))
      return refused({403, "not-the-proxy", "this server takes requests through its proxy alone",
                      "call the proxy; --trusted-proxy names another"});
    // What a proxy's clients have is counted by request.
    const int most = proxied ? shared->limits.connections : shared->limits.connections_per_address;
    if (!shared->guests.enter(address, most)) return refused(too_many_connections());
    asio::co_spawn(executor, serve(std::move(socket), address), asio::detached);
  }

  asio::awaitable<void> serve(tcp::socket socket, std::string address) {
    const Seat seat(shared->guests, address);
    co_await serve_connection(beast::tcp_stream(std::move(socket)), tls ? &*tls : nullptr, address, *shared);
  }

  /// A connection that throws ends alone.
  void run() {
    for (bool more = true; more;) {
      try {
        context.run();
        more = false;
      } catch (const std::exception& error) {
        log::warning(fmt::format("a connection failed: {}", error.what()));
      }
    }
  }

  asio::awaitable<void> look() {
    asio::steady_timer timer(context);
    for (;;) {
      co_await wait(timer, 50ms);
      shared->presence.look();
    }
  }

  int threads;
  std::optional<Shared> shared;  ///< outlives what the context still holds of connections
  asio::io_context context;
  tcp::acceptor acceptor;
  std::optional<asio::ssl::context> tls;
  asio::strand<asio::io_context::executor_type> strand = asio::make_strand(context);  ///< of acceptor and timers
  asio::steady_timer room{context};
  std::vector<std::jthread> running;
};

Listener::Listener(const ListenerOptions& options) : state_(std::make_unique<State>(options)) {}

Listener::~Listener() {
  state_->context.stop();
}

std::uint16_t Listener::port() const {
  return state_->acceptor.local_endpoint().port();
}

std::string Listener::url() const {
  const auto place = state_->acceptor.local_endpoint();
  return fmt::format("{}://{}:{}", state_->tls ? "https" : "http", bracketed(place.address()), place.port());
}

void Listener::start(Judge judge, OnEnd on_end) {
  state_->shared->judge = std::move(judge);
  state_->shared->on_end = std::move(on_end);
  asio::co_spawn(state_->strand, state_->accept(), asio::detached);
  asio::co_spawn(state_->strand, state_->look(), asio::detached);
  for (int i = 0; i < state_->threads; ++i) state_->running.emplace_back([this] { state_->run(); });
}

bool Listener::drain(std::chrono::milliseconds patience) {
  state_->shared->draining = true;
  asio::post(state_->strand, [this] {
    error_code ignored;
    static_cast<void>(state_->acceptor.close(ignored));
  });
  state_->shared->guests.stop_idle();
  const bool all = state_->shared->guests.wait_until_empty(patience);
  state_->context.stop();
  state_->running.clear();
  return all;
}

}  // namespace naevus::server
