#include "review_page_server.hpp"

#include <fmt/format.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <optional>
#include <utility>

#include "naevus/base/error.hpp"

namespace naevus::app {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using namespace std::chrono_literals;

constexpr auto patience = 10s;
constexpr std::size_t body_limit = std::size_t{16} << 10;
constexpr std::uint32_t header_limit = 8 << 10;
constexpr int most_connections = 32;

/// No script, style or picture but the page's own, no other page around it, nothing left in the browser's cache.
void protect(http::fields& fields) {
  fields.set("Content-Security-Policy",
             "default-src 'none'; script-src 'self'; style-src 'self'; img-src blob: data:; connect-src 'self'; "
             "base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  fields.set(http::field::cache_control, "no-store");
  fields.set("Cross-Origin-Resource-Policy", "same-origin");
  fields.set("Cross-Origin-Opener-Policy", "same-origin");
  fields.set("Referrer-Policy", "no-referrer");
  fields.set("X-Content-Type-Options", "nosniff");
}

http::response<http::string_body> message(PageResponse response, unsigned version, bool keep_alive) {
  http::response<http::string_body> result(static_cast<http::status>(response.status), version);
  protect(result);
  if (response.status == 405) result.set(http::field::allow, "GET, POST");
  result.set(http::field::content_type, response.content_type);
  result.body() = std::move(response.body);
  result.keep_alive(keep_alive);
  result.prepare_payload();
  return result;
}

/// What a request that can't be read is answered with; nothing where nobody is left to read it.
std::optional<PageResponse> refusal(const error_code& error) {
  if (error.category() != http::make_error_code(http::error::bad_method).category()) return std::nullopt;
  if (error == http::error::end_of_stream || error == http::error::partial_message) return std::nullopt;
  if (error == http::error::body_limit) return PageResponse{413, "text/plain", "the body is too large\n"};
  if (error == http::error::header_limit || error == http::error::buffer_overflow)
    return PageResponse{431, "text/plain", "the header is too large\n"};
  return PageResponse{400, "text/plain", fmt::format("this is no HTTP request: {}\n", error.message())};
}

PageResponse answered(const PageServer::Handler& handler, http::request<http::string_body> request) {
  const auto field = [&](http::field name) { return std::string(request[name]); };
  try {
    return handler({.method = std::string(request.method_string()),
                    .target = std::string(request.target()),
                    .host = field(http::field::host),
                    .origin = field(http::field::origin),
                    .content_type = field(http::field::content_type),
                    .body = std::move(request.body())});
  } catch (const std::exception& error) {
    return {500, "text/plain", fmt::format("{}\n", error.what())};
  }
}

/// Ends the sending and takes in what is still on its way: closed at once, the client could miss the answer.
asio::awaitable<void> leave(beast::tcp_stream& stream) {
  constexpr std::size_t most = std::size_t{1} << 20;
  error_code error;
  stream.socket().shutdown(tcp::socket::shutdown_send, error);
  std::array<char, 4096> rest{};
  for (std::size_t taken = 0; !error && taken < most;)
    taken += co_await stream.async_read_some(asio::buffer(rest), asio::redirect_error(asio::use_awaitable, error));
}

asio::awaitable<void> serve(beast::tcp_stream stream, const PageServer::Handler& handler) {
  beast::flat_buffer buffer(std::size_t{header_limit} + body_limit);
  for (bool more = true; more;) {
    http::request_parser<http::string_body> parser;
    parser.header_limit(header_limit);
    parser.body_limit(body_limit);
    error_code error;
    stream.expires_after(patience);  // for the whole request, however many pieces it comes in
    co_await http::async_read(stream, buffer, parser, asio::redirect_error(asio::use_awaitable, error));
    std::optional<PageResponse> response = refusal(error);
    if (error && !response) co_return;
    more = !error && parser.get().keep_alive();
    const unsigned version = error ? 11 : parser.get().version();
    if (!error) response = answered(handler, parser.release());
    http::response<http::string_body> answer = message(std::move(*response), version, more);
    stream.expires_after(patience);
    co_await http::async_write(stream, answer, asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return;
  }
  co_await leave(stream);
}

asio::awaitable<void> wait(asio::steady_timer& timer, std::chrono::steady_clock::duration duration) {
  error_code cancelled;
  timer.expires_after(duration);
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
}

}  // namespace

struct PageServer::State {
  int connections = 0;
  asio::io_context context{1};
  tcp::acceptor acceptor{context};
  asio::steady_timer room{context};  ///< cancelled when a connection ends

  asio::awaitable<void> accept(const Handler& handler) {
    for (;;) {
      while (connections >= most_connections) co_await wait(room, patience);
      error_code error;
      tcp::socket socket = co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, error));
      if (error) {  // out of descriptors, or the client is gone
        co_await wait(room, 100ms);
        continue;
      }
      ++connections;
      asio::co_spawn(context, serve(beast::tcp_stream(std::move(socket)), handler), [this](const std::exception_ptr&) {
        --connections;
        room.cancel();
      });
    }
  }

  asio::awaitable<void> watch(const StopToken& stop) {
    asio::steady_timer timer(context);
    while (!stop.requested()) co_await wait(timer, 50ms);
    context.stop();
  }
};

PageServer::PageServer(std::uint16_t port) : state_(std::make_unique<State>()) {
  const tcp::endpoint place(asio::ip::address_v4::loopback(), port);
  tcp::acceptor& acceptor = state_->acceptor;
  error_code error;
  acceptor.open(place.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(place, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error)
    throw IoError(fmt::format("the page can't be served there: {}", error.message()), fmt::format("127.0.0.1:{}", port),
                  "another --port, or none for one that is free");
}

PageServer::~PageServer() = default;

std::uint16_t PageServer::port() const {
  return state_->acceptor.local_endpoint().port();
}

void PageServer::run(const Handler& handler, const StopToken& stop) {
  const auto rethrow = [](const std::exception_ptr& error) {
    if (error) std::rethrow_exception(error);
  };
  asio::co_spawn(state_->context, state_->accept(handler), rethrow);
  asio::co_spawn(state_->context, state_->watch(stop), rethrow);
  state_->context.run();
}

}  // namespace naevus::app
