#pragma once
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <memory>
#include <utility>

namespace naevus::server {

/// Calls `start` with a function that is to be called once, from any thread, and resumes on that executor with what it
/// was given.
template <class Result, class Executor>
boost::asio::awaitable<Result> called_back(Executor executor, std::function<void(std::function<void(Result)>)> start) {
  auto initiate = [executor, start = std::move(start)](auto handler) {
    auto kept = std::make_shared<decltype(handler)>(std::move(handler));
    start([kept, executor](Result result) {
      boost::asio::post(executor,
                        [kept, result = std::move(result)]() mutable { std::move (*kept)(std::move(result)); });
    });
  };
  co_return co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(Result)>(
      std::move(initiate), boost::asio::use_awaitable);
}

}  // namespace naevus::server
