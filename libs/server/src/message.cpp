#include "message.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <boost/beast/http/error.hpp>
#include <ctime>

namespace naevus::server {
namespace http = boost::beast::http;

void read_head(const RawRequest& request, const Shared& shared, Head& head) {
  head.method = std::string(request.method_string());
  if (head.method == "HEAD") head.method = "GET";
  for (const auto& field : request) {
    if (head.fields.size() == static_cast<std::size_t>(shared.limits.header_fields))
      throw Refusal(431, "header-fields",
                    fmt::format("the header has more than {} fields", shared.limits.header_fields));
    std::string name(field.name_string());
    for (char& c : name)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    head.fields.emplace_back(std::move(name), std::string(field.value()));
  }
  if (request.version() != 10 && request.version() != 11)
    throw Refusal(505, "http-version", "this is neither HTTP/1.1 nor HTTP/1.0");
  if (shared.proxies.none()) {
    shared.names.check(head.fields);
  } else {
    head.address = shared.proxies.client(head.address, head.fields);
    check_forwarded_over_tls(head.fields);
    shared.names.check(with_forwarded_host(head.fields));
  }
  check_body_fields(head.fields);
  if (!(head.method == "OPTIONS" && request.target() == "*")) read_target(std::string(request.target()), head);
}

RawResponse raw(Response response, const std::string& request_id, unsigned version, bool keep_alive, bool tls) {
  RawResponse result(static_cast<http::status>(response.status), version);
  result.reason(std::string(reason_of(response.status)));
  result.set(http::field::date, fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(std::time(nullptr))));
  result.set(http::field::cache_control, "no-store");
  result.set("Content-Security-Policy",
             "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  result.set("Cross-Origin-Resource-Policy", "same-origin");
  result.set("Cross-Origin-Opener-Policy", "same-origin");
  result.set("Referrer-Policy", "no-referrer");
  result.set("X-Content-Type-Options", "nosniff");
  if (tls) result.set(http::field::strict_transport_security, "max-age=31536000");
  if (!request_id.empty()) result.set("X-Request-Id", request_id);
  for (const auto& [name, value] : response.fields) result.set(name, value);
  if (!response.content_type.empty()) result.set(http::field::content_type, response.content_type);
  result.body() = std::move(response.body);
  result.keep_alive(keep_alive && !response.news);
  if (!response.large.bytes.empty())
    result.content_length(response.large.bytes.size());
  else if (!response.news && response.status != 304)  // news end with the connection; what is not sent has no length
    result.prepare_payload();
  return result;
}

std::optional<Refusal> refusal_of(const boost::system::error_code& error, const ListenerLimits& limits) {
  if (error.category() != http::make_error_code(http::error::bad_method).category()) return std::nullopt;
  if (error == http::error::end_of_stream || error == http::error::partial_message) return std::nullopt;
  if (error == http::error::body_limit)
    return Refusal(413, "body-size", "the body is larger than this route takes", "send a smaller picture");
  if (error == http::error::header_limit || error == http::error::buffer_overflow)
    return Refusal(431, "header-size",
                   fmt::format("the header, or the trailer, is over {} bytes", limits.header_bytes));
  if (error == http::error::bad_version) return Refusal(505, "http-version", "this is neither HTTP/1.1 nor HTTP/1.0");
  return Refusal(400, "malformed", fmt::format("this is no HTTP request: {}", error.message()));
}

}  // namespace naevus::server
