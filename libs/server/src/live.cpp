#include "live.hpp"

#include <fmt/format.h>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>

namespace naevus::server {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using beast::error_code;

template <class Stream>
asio::awaitable<void> Live<Stream>::run(RawRequest request) {
  using asio::experimental::awaitable_operators::operator&&;
  websocket::stream_base::timeout patience{};
  patience.handshake_timeout = shared_.limits.header;
  patience.idle_timeout = shared_.limits.idle;
  patience.keep_alive_pings = true;
  socket_.set_option(patience);
  socket_.read_message_max(plan_.body_limit);
  error_code error;
  co_await socket_.async_accept(request, asio::redirect_error(asio::use_awaitable, error));
  if (!error) co_await (take_frames() && answer_frames());
}

template <class Stream>
asio::awaitable<void> Live<Stream>::take_frames() {
  error_code error;
  while (!error) {
    beast::flat_buffer buffer;
    co_await socket_.async_read(buffer, asio::redirect_error(asio::use_awaitable, error));
    if (error) break;
    if (newest_) ++dropped_;
    newest_.emplace(static_cast<const char*>(buffer.data().data()), buffer.size());
    ++frames_;
    news_.cancel();
  }
  gone_->store(true);
  news_.cancel();
}

template <class Stream>
asio::awaitable<void> Live<Stream>::answer_frames() {
  while (!*gone_ && !shared_.draining) {
    if (!newest_) {
      error_code cancelled;
      news_.expires_after(std::chrono::hours(1));
      co_await news_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
      continue;
    }
    auto exchange = std::make_shared<Exchange>();
    exchange->head = head_;
    exchange->body = std::move(*newest_);
    exchange->begin = std::chrono::steady_clock::now();
    exchange->abandoned = gone_;
    newest_.reset();
    const std::uint64_t number = frames_ - 1;
    const std::uint64_t before = dropped_;
    const Response response = co_await reply_of(socket_.get_executor(), plan_, std::move(exchange));
    if (*gone_) co_return;
    const std::string text = fmt::format(R"({{"frame":{},"dropped":{},"answer":{}}})", number, before, response.body);
    error_code error;
    socket_.text(true);
    co_await socket_.async_write(asio::buffer(text), asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return;
  }
}

template class Live<beast::tcp_stream>;
template class Live<beast::ssl_stream<beast::tcp_stream>>;

}  // namespace naevus::server
