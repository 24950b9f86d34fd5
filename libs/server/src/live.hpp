#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/stream.hpp>

#include "called_back.hpp"
#include "message.hpp"

namespace naevus::server {

/// Runs a plan and resumes with its answer, on that executor.
template <class Executor>
boost::asio::awaitable<Response> reply_of(Executor executor, const Plan& plan, std::shared_ptr<Exchange> exchange) {
  std::function<void(std::function<void(Response)>)> start = [&plan, exchange = std::move(exchange)](auto reply) {
    exchange->reply = std::move(reply);
    plan.run(exchange);
  };
  co_return co_await called_back<Response>(executor, std::move(start));
}

/// A WebSocket: each binary message is a frame. One is answered at a time; of those that come meanwhile only the newest
/// is kept, so that an answer always speaks of what the camera sees now. Answers are
/// {"frame": number from 0, "dropped": frames so far that were not answered, "answer": the plan's}.
template <class Stream>
class Live {
 public:
  Live(Stream& stream, std::shared_ptr<const Head> head, const Plan& plan, Shared& shared)
      : socket_(stream), head_(std::move(head)), plan_(plan), shared_(shared), news_(stream.get_executor()) {}

  boost::asio::awaitable<void> run(RawRequest request);

 private:
  boost::asio::awaitable<void> take_frames();
  boost::asio::awaitable<void> answer_frames();

  boost::beast::websocket::stream<Stream&> socket_;
  std::shared_ptr<const Head> head_;
  const Plan& plan_;
  Shared& shared_;
  boost::asio::steady_timer news_;  ///< cancelled when a frame came or the client went
  std::optional<std::string> newest_;
  std::uint64_t frames_ = 0, dropped_ = 0;
  std::shared_ptr<std::atomic<bool>> gone_ = std::make_shared<std::atomic<bool>>(false);
};

template <class Stream>
boost::asio::awaitable<void> live(Stream& stream, RawRequest request, std::shared_ptr<const Head> head,
                                  const Plan& plan, Shared& shared) {
  boost::beast::get_lowest_layer(stream).expires_never();
  Live<Stream> session(stream, std::move(head), plan, shared);
  co_await session.run(std::move(request));
}

extern template class Live<boost::beast::tcp_stream>;
extern template class Live<boost::beast::ssl_stream<boost::beast::tcp_stream>>;

}  // namespace naevus::server
