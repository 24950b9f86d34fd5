#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <memory>

#include "shared.hpp"

namespace naevus::server {

/// Serves one connection until it ends.
/// @param tls  nullptr: plain HTTP
boost::asio::awaitable<void> serve_connection(boost::beast::tcp_stream stream, boost::asio::ssl::context* tls,
                                              std::string address, Shared& shared);

}  // namespace naevus::server
