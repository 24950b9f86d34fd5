#include "naevus/server/reachable.hpp"

#include <ifaddrs.h>
#include <net/if.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/udp.hpp>
#include <memory>

namespace naevus::server {
namespace {

namespace ip = boost::asio::ip;
using boost::system::error_code;

/// Of an interface; unspecified where it is of neither family.
ip::address address_of(const sockaddr* given) {
  if (given != nullptr && given->sa_family == AF_INET) {
    const auto* const place = reinterpret_cast<const sockaddr_in*>(given);
    return ip::address_v4(ntohl(place->sin_addr.s_addr));
  }
  if (given != nullptr && given->sa_family == AF_INET6) {
    const auto* const place = reinterpret_cast<const sockaddr_in6*>(given);
    ip::address_v6::bytes_type bytes;
    std::copy_n(place->sin6_addr.s6_addr, bytes.size(), bytes.begin());
    return ip::address_v6(bytes);
  }
  return {};
}

bool is_of_a_network(const ip::address& address) {
  if (address.is_unspecified() || address.is_loopback() || address.is_multicast()) return false;
  return address.is_v6() ? !address.to_v6().is_link_local() : address.to_v4().to_uint() >> 16 != 0xa9fe;  // 169.254/16
}

std::vector<ip::address> of_interfaces() {
  ifaddrs* first = nullptr;
  if (getifaddrs(&first) != 0) return {};
  const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> owned(first, &freeifaddrs);
  std::vector<ip::address> addresses;
  for (const ifaddrs* one = first; one != nullptr; one = one->ifa_next) {
    const ip::address address = address_of(one->ifa_addr);
    if ((one->ifa_flags & IFF_RUNNING) != 0 && is_of_a_network(address)) addresses.push_back(address);
  }
  return addresses;
}

/// The address that packets to that one, of a documentation network, would leave from; none is sent.
ip::address outward(const char* far) {
  boost::asio::io_context context;
  ip::udp::socket socket(context);
  error_code error;
  if (socket.connect({ip::make_address(far), 9}, error)) return {};  // no way there
  return socket.local_endpoint(error).address();
}

}  // namespace

std::vector<std::string> reachable_addresses(const std::string& listening) {
  const ip::address asked = ip::make_address(listening);
  if (!asked.is_unspecified()) return {listening};
  std::vector<ip::address> addresses = of_interfaces();
  if (asked.is_v4()) std::erase_if(addresses, [](const ip::address& one) { return one.is_v6(); });
  const ip::address first = outward("198.51.100.1"), next = outward("2001:db8::1");
  const auto rank = [&](const ip::address& one) { return one == first ? 0 : one == next ? 1 : one.is_v4() ? 2 : 3; };
  std::stable_sort(addresses.begin(), addresses.end(),
                   [&](const ip::address& a, const ip::address& b) { return rank(a) < rank(b); });
  std::vector<std::string> names;
  names.reserve(addresses.size());
  for (const ip::address& one : addresses) names.push_back(one.to_string());
  return names;
}

std::string url_host(const std::string& name) {
  error_code error;
  static_cast<void>(ip::make_address_v6(name, error));
  return error ? name : "[" + name + "]";
}

}  // namespace naevus::server
