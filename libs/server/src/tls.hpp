#pragma once
#include <boost/asio/ssl/context.hpp>

#include "naevus/server/listener.hpp"

namespace naevus::server {

/// TLS 1.2 and later, with that certificate.
/// @throws InputError naming the file that can't be used
boost::asio::ssl::context tls_context(const TlsFiles& files);

}  // namespace naevus::server
