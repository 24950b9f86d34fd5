#include "proxies.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/ip/network_v4.hpp>
#include <optional>

#include "field_list.hpp"
#include "naevus/base/error.hpp"

namespace naevus::server {
namespace {

namespace ip = boost::asio::ip;
using boost::system::error_code;

/// One form for both families, whatever socket it came through; an interface's scope left out.
ip::address_v6 mapped(const ip::address& address) {
  if (address.is_v4()) return ip::make_address_v6(ip::v4_mapped, address.to_v4());
  return ip::address_v6(address.to_v6().to_bytes());
}

std::string plain(const ip::address& address) {
  const ip::address_v6 whole = mapped(address);
  return whole.is_v4_mapped() ? ip::make_address_v4(ip::v4_mapped, whole).to_string() : whole.to_string();
}

/// "192.0.2.7", "192.0.2.7:4711", "2001:db8::7", "[2001:db8::7]:4711", as proxies write them.
std::optional<ip::address> forwarded_address(const std::string& entry) {
  std::string host = entry;
  if (entry.starts_with('['))
    host = entry.substr(1, entry.find(']') - 1);
  else if (std::count(entry.begin(), entry.end(), ':') == 1)
    host = entry.substr(0, entry.find(':'));
  error_code error;
  ip::address address = ip::make_address(host, error);
  if (error) return std::nullopt;
  return address;
}

ip::network_v6 network_of(const std::string& text) {
  const std::size_t slash = text.find('/');
  error_code error;
  const ip::address address = ip::make_address(text.substr(0, slash), error);
  const unsigned most = address.is_v4() ? 32 : 128;
  unsigned bits = most;
  if (slash != text.npos) {
    const std::string digits = text.substr(slash + 1);
    const bool number = !digits.empty() && digits.size() <= 3 && digits.find_first_not_of("0123456789") == digits.npos;
    bits = number ? static_cast<unsigned>(std::stoul(digits)) : most + 1;
  }
  if (error || bits > most)
    throw UsageError("this is no address or network of a proxy", text,
                     "give one as 10.0.0.7, 10.0.0.0/24 or fd00::/64");
  if (bits == 0)
    throw UsageError("every address would be a trusted proxy's, and could pass for any client", text,
                     "name the proxy's own address or network");
  return {mapped(address), static_cast<unsigned short>(bits + 128 - most)};
}

}  // namespace

Proxies::Proxies(const std::vector<std::string>& networks) {
  for (const std::string& text : networks) networks_.push_back(network_of(text).canonical());
}

bool Proxies::trusts(const ip::address& address) const {
  const ip::address_v6 asked = mapped(address);
  return std::any_of(networks_.begin(), networks_.end(), [&](const ip::network_v6& network) {
    return ip::network_v6(asked, network.prefix_length()).canonical() == network;
  });
}

std::string Proxies::client(const std::string& proxy, const Fields& fields) const {
  const auto hops = list_of(fields, "x-forwarded-for");
  std::string farthest = proxy;
  for (auto hop = hops.rbegin(); hop != hops.rend(); ++hop) {
    const auto address = forwarded_address(*hop);
    if (!address)
      throw Refusal(400, "forwarded", fmt::format("X-Forwarded-For has '{}', which is no address", *hop),
                    "have the proxy add the address that it was asked from");
    farthest = plain(*address);
    if (!trusts(*address)) break;
  }
  return farthest;
}

void check_forwarded_over_tls(const Fields& fields) {
  const auto hops = list_of(fields, "x-forwarded-proto");
  const auto is_https = [](const std::string& scheme) {
    return scheme.size() == 5 && std::equal(scheme.begin(), scheme.end(), "https",
                                            [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
  };
  if (hops.empty())
    throw Refusal(403, "not-https", "the proxy does not say how it was asked",
                  "have it take HTTPS alone, and send X-Forwarded-Proto: https");
  if (!std::all_of(hops.begin(), hops.end(), is_https))
    throw Refusal(403, "not-https", "the proxy was not asked over HTTPS (X-Forwarded-Proto)",
                  "open the address with https://");
}

Fields with_forwarded_host(Fields fields) {
  if (!find(fields, "x-forwarded-host")) return fields;
  std::erase_if(fields, [](const auto& field) { return field.first == "host"; });
  for (auto& [name, value] : fields)
    if (name == "x-forwarded-host") name = "host";
  return fields;
}

}  // namespace naevus::server
