#pragma once
#include <string>
#include <vector>

namespace naevus::server {

/// Where other devices find a server that listens at that address: the address itself or, where it stands for all of
/// this machine's, those of its networks, first the one that it reaches the world from. Neither loopback nor link-local
/// ones, which no other network knows; empty where there are none.
/// @param listening  an IP address; one that stands for all IPv6 addresses takes IPv4 too
std::vector<std::string> reachable_addresses(const std::string& listening);

/// As it stands in a URL: "192.0.2.2", "[2001:db8::2]", "clinic.example".
std::string url_host(const std::string& name);

}  // namespace naevus::server
