#pragma once
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <memory>
#include <optional>

#include "shared.hpp"

namespace naevus::server {

using RawRequest = boost::beast::http::request<boost::beast::http::string_body>;
using RawResponse = boost::beast::http::response<boost::beast::http::string_body>;

/// The request's header, judged for what every route asks of it.
/// @throws Refusal; `head` holds what was read until then
void read_head(const RawRequest& request, const Shared& shared, Head& head);

/// What goes over the wire: date, security headers, the request's id, and no body for HEAD.
RawResponse raw(Response response, const std::string& request_id, unsigned version, bool keep_alive, bool tls);

/// What a request that can't be parsed is answered with; nothing where nobody is left to read it.
std::optional<Refusal> refusal_of(const boost::system::error_code& error, const ListenerLimits& limits);

}  // namespace naevus::server
