#pragma once
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <string>
#include <vector>

#include "naevus/server/http.hpp"

namespace naevus::server {

/// The proxies that end TLS before us: they alone may connect then, and say who asks (X-Forwarded-For) and how
/// (X-Forwarded-Proto, X-Forwarded-Host).
class Proxies {
 public:
  /// @param networks  "10.0.0.7", "10.0.0.0/24", "2001:db8::/32"; none: there is no proxy
  /// @throws UsageError if one is no address or network, or all addresses
  explicit Proxies(const std::vector<std::string>& networks);

  bool none() const { return networks_.empty(); }
  bool trusts(const boost::asio::ip::address& address) const;

  /// The client that a trusted proxy asks for: the last address of X-Forwarded-For that is no trusted proxy's, since
  /// each proxy adds at the end whom it was asked by, and what stands before that the client may have made up. Where
  /// all are proxies', or there is none, the proxy that stands farthest away asks for itself.
  /// @throws Refusal 400 where it is looked at and no address
  std::string client(const std::string& proxy, const Fields& fields) const;

 private:
  std::vector<boost::asio::ip::network_v6> networks_;  ///< IPv4's as IPv6 maps them
};

/// @throws Refusal 403 unless X-Forwarded-Proto is there and says https of every hop
void check_forwarded_over_tls(const Fields& fields);

/// The fields with X-Forwarded-Host, where there is one, as Host.
Fields with_forwarded_host(Fields fields);

}  // namespace naevus::server
