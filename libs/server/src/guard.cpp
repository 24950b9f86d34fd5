#include "guard.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace naevus::server {
namespace {

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

std::size_t count(const Fields& fields, std::string_view name) {
  return static_cast<std::size_t>(
      std::count_if(fields.begin(), fields.end(), [&](const auto& field) { return field.first == name; }));
}

}  // namespace

Names::Names(std::string scheme, const std::vector<std::string>& hosts, std::uint16_t port)
    : scheme_(std::move(scheme)) {
  for (const std::string& host : hosts) {
    if (const std::size_t colon = host.rfind(':'); colon != std::string::npos && !host.ends_with(']')) {
      const bool usual = host.substr(colon) == (scheme_ == "https" ? ":443" : ":80");
      authorities_.push_back(lower(host));
      if (usual) authorities_.push_back(lower(host.substr(0, colon)));
      continue;
    }
    authorities_.push_back(fmt::format("{}:{}", lower(host), port));
    if (port == (scheme_ == "https" ? 443 : 80)) authorities_.push_back(lower(host));
  }
}

void Names::check(const Fields& fields) const {
  const auto ours = [&](const std::string& authority) {
    return std::find(authorities_.begin(), authorities_.end(), lower(authority)) != authorities_.end();
  };
  if (count(fields, "host") != 1)
    throw Refusal(400, "bad-host", "the request has no Host, or several", "send one, as HTTP/1.1 asks");
  if (const std::string host = find(fields, "host").value_or(""); !ours(host))
    throw Refusal(421, "wrong-host", fmt::format("this server is not '{}'", host),
                  "call it by the address that it printed, or start it with --name for another name");
  if (count(fields, "origin") > 1) throw Refusal(403, "wrong-origin", "the request has several Origins");
  if (const auto origin = find(fields, "origin")) {
    const std::string start = scheme_ + "://";
    if (!lower(*origin).starts_with(start) || !ours(origin->substr(start.size())))
      throw Refusal(403, "wrong-origin", fmt::format("a page of '{}' may not talk to this server", *origin),
                    "open the page from this server itself");
  }
}

void check_body_fields(const Fields& fields) {
  const auto coding = find(fields, "transfer-encoding");
  if (coding && (lower(*coding) != "chunked" || count(fields, "transfer-encoding") != 1))
    throw Refusal(501, "transfer-coding", fmt::format("the transfer coding '{}' is not taken", *coding),
                  "send the body as it is, with its Content-Length or chunked");
  const auto content = find(fields, "content-encoding");
  if (content && lower(*content) != "identity")
    throw Refusal(415, "content-coding", fmt::format("a body in the coding '{}' is not taken", *content),
                  "send it uncompressed", {{"Accept-Encoding", "identity"}});
  const auto expected = find(fields, "expect");
  if (expected && lower(*expected) != "100-continue")
    throw Refusal(417, "expectation", fmt::format("the expectation '{}' can't be met", *expected));
}

}  // namespace naevus::server
