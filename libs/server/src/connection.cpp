#include "connection.hpp"

#include <fmt/format.h>

#include <boost/asio/bind_executor.hpp>

#include <algorithm>
#include <array>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <type_traits>
#include <utility>

#include "live.hpp"
#include "message.hpp"

namespace naevus::server {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using beast::error_code;
using Clock = std::chrono::steady_clock;
using Parser = http::request_parser<http::string_body>;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;

/// Room for a body in the common budget, given back with the object.
class BodyRoom {
 public:
  explicit BodyRoom(Shared& shared) : shared_(shared) {}
  ~BodyRoom() { give_back(); }
  BodyRoom(const BodyRoom&) = delete;
  BodyRoom& operator=(const BodyRoom&) = delete;

  /// Whether there would be room for so many now.
  bool has(std::uint64_t bytes) const { return shared_.bodies + bytes <= shared_.limits.bodies; }

  /// That many are held. False: they are more than there is room for.
  bool hold(std::uint64_t bytes) {
    const std::uint64_t more = bytes - std::exchange(taken_, bytes);
    return shared_.bodies.fetch_add(more) + more <= shared_.limits.bodies;
  }
  void give_back() { shared_.bodies -= std::exchange(taken_, 0); }

 private:
  Shared& shared_;
  std::uint64_t taken_ = 0;
};

template <class Stream>
class Connection : public Guest, public std::enable_shared_from_this<Connection<Stream>> {
 public:
  Connection(Stream stream, std::string address, Shared& shared)
      : stream_(std::move(stream)),
        address_(std::move(address)),
        shared_(shared),
        buffer_(std::size_t{shared.limits.header_bytes} + (32 << 10)) {}  // Beast throws where a field exceeds 64 KiB

  void stop_if_idle() override {
    asio::post(stream_.get_executor(), [self = this->shared_from_this()] {
      if (self->idle_) self->tcp().cancel();
    });
  }

  asio::awaitable<void> serve() {
    if constexpr (secure) {
      tcp().expires_after(shared_.limits.header);
      error_code error;
      co_await stream_.async_handshake(asio::ssl::stream_base::server,
                                       asio::redirect_error(asio::use_awaitable, error));
      if (error) co_return;
    }
    for (bool more = true; more;) {  // one co_await a statement: GCC 12 miscompiles `co_await a() && co_await b()`
      more = co_await begun();
      if (more) more = co_await one_request();
    }
    co_await leave();
  }

 private:
  static constexpr bool secure = std::is_same_v<Stream, TlsStream>;

  beast::tcp_stream& tcp() { return beast::get_lowest_layer(stream_); }

  /// Waits for the first byte of a request; what was pipelined is there already.
  asio::awaitable<bool> begun() {
    if (shared_.draining) co_return false;
    if (buffer_.size() > 0) co_return true;
    error_code error;
    idle_ = true;
    tcp().expires_after(shared_.limits.idle);
    const std::size_t count =
        co_await stream_.async_read_some(buffer_.prepare(4096), asio::redirect_error(asio::use_awaitable, error));
    idle_ = false;
    buffer_.commit(count);
    co_return !error;
  }

  /// Whether another may follow on this connection.
  asio::awaitable<bool> one_request() {
    const auto begin = Clock::now();
    const auto reading = std::make_shared<Head>();
    const std::shared_ptr<const Head> head = reading;
    reading->id = shared_.next_id();
    reading->address = address_;
    Parser parser;
    parser.header_limit(shared_.limits.header_bytes);
    parser.body_limit(boost::none);  // the plan tells it
    error_code error;
    tcp().expires_after(shared_.limits.header);
    co_await http::async_read_header(stream_, buffer_, parser, asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return co_await end_unread(error, parser, head, false, begin);
    keep_alive_ = parser.keep_alive();
    is_head_ = parser.get().method() == http::verb::head;
    version_ = parser.get().version() == 10 ? 10 : 11;

    std::optional<Refusal> refusal;
    std::unique_ptr<Seat> seat;
    try {
      read_head(parser.get(), shared_, *reading);
      seat = shared_.seat_of(*head);
    } catch (const Refusal& thrown) {
      refusal = thrown;
    }
    Plan plan;
    if (!refusal) {
      plan = co_await plan_for(head);
      refusal = plan.refusal;
    }
    const bool upgrade = beast::websocket::is_upgrade(parser.get());
    if (!refusal && plan.live && !upgrade)
      refusal.emplace(426, "upgrade", "this address speaks WebSocket alone", "open it as a WebSocket",
                      Fields{{"Upgrade", "websocket"}});
    if (!refusal && plan.live) {
      idle_ = true;  // a frame that nobody has answered yet is no reason to stay
      co_await live(stream_, parser.release(), head, plan, shared_);
      co_return false;
    }
    BodyRoom room(shared_);
    if (!refusal) refusal = check_size(parser, plan, room);
    if (refusal) co_return co_await send_refusal(*refusal, head, begin, parser.is_done());

    parser.body_limit(plan.body_limit);
    if (!parser.get()[http::field::expect].empty() && !parser.is_done() && buffer_.size() == 0) co_await continue_100();
    tcp().expires_after(shared_.limits.body);
    // Room is taken by what comes: bodies that are announced and never sent take none from others.
    parser.eager(true);
    while (!parser.is_done()) {
      co_await http::async_read_some(stream_, buffer_, parser, asio::redirect_error(asio::use_awaitable, error));
      if (error) co_return co_await end_unread(error, parser, head, true, begin);
      if (room.hold(parser.get().body().size())) continue;
      parser.get().body() = {};  // what was refused takes no room while its refusal is on the way
      room.give_back();
      co_return co_await send_refusal(no_room(), head, begin, false);
    }
    co_return co_await answer(plan, head, std::move(parser.get().body()), room, begin);
  }

  std::optional<Refusal> check_size(const Parser& parser, const Plan& plan, const BodyRoom& room) const {
    const auto length = parser.content_length();
    if (length && *length > plan.body_limit)
      return Refusal(413, "body-size",
                     fmt::format("the body has {} bytes, this route takes {}", *length, plan.body_limit),
                     plan.body_limit == 0 ? "send none" : "send a smaller picture");
    if (length && !room.has(*length)) return no_room();
    return std::nullopt;
  }

  static Refusal no_room() {
    return {503, "memory", "too many large bodies at once", "try again soon", {{"Retry-After", "1"}}};
  }

  asio::awaitable<void> continue_100() {
    static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    error_code error;
    tcp().expires_after(shared_.limits.write);
    co_await asio::async_write(stream_, asio::buffer(go_on), asio::redirect_error(asio::use_awaitable, error));
  }

  asio::awaitable<Plan> plan_for(std::shared_ptr<const Head> head) {
    std::function<void(std::function<void(Plan)>)> start = [this, head](auto done) {
      shared_.judge(head, std::move(done));
    };
    co_return co_await called_back<Plan>(stream_.get_executor(), std::move(start));
  }

  asio::awaitable<bool> answer(const Plan& plan, std::shared_ptr<const Head> head, std::string body, BodyRoom& room,
                               Clock::time_point begin) {
    tcp().expires_never();
    const int descriptor = tcp().socket().native_handle();
    auto exchange = std::make_shared<Exchange>();
    exchange->head = head;
    exchange->body = std::move(body);
    exchange->begin = begin;
    exchange->abandoned = shared_.presence.watch(descriptor);
    Response response = co_await reply_of(stream_.get_executor(), plan, std::move(exchange));
    shared_.presence.forget(descriptor);
    room.give_back();
    co_return co_await send(std::move(response), head, begin, true);
  }

  /// A request that could not be read to its end.
  asio::awaitable<bool> end_unread(error_code error, const Parser& parser, std::shared_ptr<const Head> head,
                                   bool header_read, Clock::time_point begin) {
    const std::optional<Refusal> refusal = refusal_of(error, shared_.limits);
    if (!refusal) {
      const bool slow = error == beast::error::timeout;
      ended(head, slow ? 408 : 499, !slow ? "client-gone" : header_read ? "slow-body" : "slow-header", begin);
      co_return false;
    }
    if (!header_read) {
      version_ = parser.get().version() == 10 ? 10 : 11;
      is_head_ = false;
    }
    co_return co_await send_refusal(*refusal, head, begin, false);
  }

  asio::awaitable<bool> send_refusal(const Refusal& refusal, std::shared_ptr<const Head> head, Clock::time_point begin,
                                     bool body_read) {
    Response response = response_of(refusal, head->id);
    co_return co_await send(std::move(response), head, begin, body_read);
  }

  asio::awaitable<bool> send(Response response, std::shared_ptr<const Head> head, Clock::time_point begin,
                             bool body_read) {
    const NewsSource news = response.news;
    const SharedBytes large = response.large;
    const unsigned status = response.status;
    const std::string kind = response.refusal;
    const bool keep = keep_alive_ && body_read && !shared_.draining;
    RawResponse message = raw(std::move(response), head->id, version_, keep, secure || !shared_.proxies.none());
    error_code error;
    tcp().expires_after(shared_.limits.write);
    http::response_serializer<http::string_body> serializer(message);
    if (is_head_ || news || !large.bytes.empty())
      co_await http::async_write_header(stream_, serializer, asio::redirect_error(asio::use_awaitable, error));
    else
      co_await http::async_write(stream_, serializer, asio::redirect_error(asio::use_awaitable, error));
    if (news && !error && !is_head_) co_await tell(news);
    if (!error && !is_head_) error = co_await send_in_pieces(large.bytes);
    ended(head, status, kind, begin);
    co_return keep && !error && !news;
  }

  /// The time to write is each piece's own: who is slow gets a large file too.
  asio::awaitable<error_code> send_in_pieces(std::string_view rest) {
    constexpr std::size_t most = std::size_t{256} << 10;
    error_code error;
    while (!error && !rest.empty()) {
      const std::string_view piece = rest.substr(0, most);
      rest.remove_prefix(piece.size());
      tcp().expires_after(shared_.limits.write);
      co_await asio::async_write(stream_, asio::buffer(piece), asio::redirect_error(asio::use_awaitable, error));
    }
    co_return error;
  }

  /// Every ten seconds something is sent, so that a client that is gone is noticed.
  asio::awaitable<void> tell(const NewsSource& news) {
    constexpr auto pause = std::chrono::seconds(1);
    constexpr int longest_silence = 10;
    asio::steady_timer timer(stream_.get_executor());
    error_code error;
    for (int silence = 0; !error && !shared_.draining;) {
      News told = co_await called_back<News>(stream_.get_executor(), news);
      silence = told.text.empty() ? silence + 1 : 0;
      if (silence == longest_silence) {
        told.text = ":\n\n";
        silence = 0;
      }
      if (!told.text.empty()) {
        tcp().expires_after(shared_.limits.write);
        co_await asio::async_write(stream_, asio::buffer(told.text), asio::redirect_error(asio::use_awaitable, error));
      }
      if (told.last) co_return;
      error_code cancelled;
      timer.expires_after(pause);
      co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
    }
  }

  void ended(std::shared_ptr<const Head> head, unsigned status, std::string_view kind, Clock::time_point begin) {
    shared_.on_end({.head = std::move(head),
                    .status = status,
                    .refusal = kind,
                    .seconds = std::chrono::duration<double>(Clock::now() - begin).count()});
  }

  /// Ends the sending and takes in what is still on its way: closed at once, the client could miss the answer.
  asio::awaitable<void> leave() {
    constexpr std::size_t most = std::size_t{64} << 20;
    error_code error;
    tcp().expires_after(std::chrono::seconds(5));
    if constexpr (secure) co_await stream_.async_shutdown(asio::redirect_error(asio::use_awaitable, error));
    error.clear();
    tcp().socket().shutdown(tcp::socket::shutdown_send, error);
    std::array<char, 16384> rest{};
    for (std::size_t taken = 0; !error && taken < most;)
      taken += co_await tcp().async_read_some(asio::buffer(rest), asio::redirect_error(asio::use_awaitable, error));
  }

  Stream stream_;
  std::string address_;
  Shared& shared_;
  beast::flat_buffer buffer_;
  bool idle_ = false, keep_alive_ = false, is_head_ = false;
  unsigned version_ = 11;
};

template <class Stream>
asio::awaitable<void> serve_on(Stream stream, std::string address, Shared& shared) {
  const auto connection = std::make_shared<Connection<Stream>>(std::move(stream), std::move(address), shared);
  shared.guests.add(connection);
  co_await connection->serve();
}

}  // namespace

asio::awaitable<void> serve_connection(beast::tcp_stream stream, asio::ssl::context* tls, std::string address,
                                       Shared& shared) {
  if (tls != nullptr) {
    TlsStream secured(std::move(stream), *tls);
    co_await serve_on(std::move(secured), std::move(address), shared);
  } else {
    co_await serve_on(std::move(stream), std::move(address), shared);
  }
}

}  // namespace naevus::server
