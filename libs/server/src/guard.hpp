#pragma once
#include <string>
#include <vector>

#include "naevus/server/http.hpp"

namespace naevus::server {

/// Whom we are: what a request's Host and Origin must name, so that no page of another site can talk to us through the
/// browser of somebody on this machine (cross-site requests, DNS rebinding).
class Names {
 public:
  /// @param scheme  "http" or "https"
  /// @param hosts   without port, as clients write them: "127.0.0.1", "[::1]", "clinic.example"; or with the port of
  ///                what stands before us: "clinic.example:443"
  Names(std::string scheme, const std::vector<std::string>& hosts, std::uint16_t port);

  /// @throws Refusal 400 without one Host, 421 where it is not ours, 403 where an Origin is not ours
  void check(const Fields& fields) const;

 private:
  std::string scheme_;
  std::vector<std::string> authorities_;  ///< "127.0.0.1:8080", in lower case
};

/// What a header says of the body.
/// @throws Refusal where we can't or won't take it so: a transfer coding other than chunked, a content coding, an
///         expectation other than 100-continue
void check_body_fields(const Fields& fields);

}  // namespace naevus::server
