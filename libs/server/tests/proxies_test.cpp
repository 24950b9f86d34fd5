#include "proxies.hpp"

#include <gtest/gtest.h>

#include "naevus/base/error.hpp"

namespace naevus::server {
namespace {

bool trusts(const Proxies& proxies, const char* address) {
  return proxies.trusts(boost::asio::ip::make_address(address));
}

std::string client(const Proxies& proxies, const Fields& fields) {
  return proxies.client("10.0.0.7", fields);
}

TEST(Proxies, AreAddressesAndNetworksOfBothFamilies) {
  const Proxies proxies({"10.0.0.7", "192.168.5.9/23", "2001:db8:1::/48", "::1"});
  for (const char* ours : {"10.0.0.7", "::ffff:10.0.0.7", "192.168.4.1", "192.168.5.255", "2001:db8:1:ffff::1", "::1"})
    EXPECT_TRUE(trusts(proxies, ours)) << ours;
  for (const char* other : {"10.0.0.8", "::ffff:10.0.0.8", "192.168.6.0", "192.168.3.255", "2001:db8:2::1", "127.0.0.1",
                            "::10.0.0.7", "::2", "0.0.0.0", "::"})
    EXPECT_FALSE(trusts(proxies, other)) << other;
  EXPECT_TRUE(trusts(Proxies({"::ffff:10.0.0.0/104"}), "10.1.2.3"));
  EXPECT_TRUE(trusts(Proxies({"fe80::1"}), "fe80::1%1"));
}

TEST(Proxies, ThatAreNoneOrEverybodyAreRefused) {
  for (const char* wrong : {"", "proxy.example", "10.0.0", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/+8",
                            "10.0.0.0/8/8", "fd00::/129", "10.0.0.7:80", " 10.0.0.7", "0.0.0.0/0", "::/0"})
    EXPECT_THROW(Proxies({wrong}), UsageError) << wrong;
}

TEST(Proxies, TellTheLastAddressThatIsNoneOfThem) {
  const Proxies proxies({"10.0.0.0/8", "fd00::/8"});
  const auto of = [&](const char* value) { return client(proxies, {{"x-forwarded-for", value}}); };
  EXPECT_EQ(of("203.0.113.9"), "203.0.113.9");
  EXPECT_EQ(of("198.51.100.1, 203.0.113.9"), "203.0.113.9");  // the first was made up by the second
  EXPECT_EQ(of("198.51.100.1, 203.0.113.9,10.1.2.3 ,\t10.0.0.9"), "203.0.113.9");
  EXPECT_EQ(of("nonsense, 203.0.113.9"), "203.0.113.9");
  EXPECT_EQ(of("10.9.9.9, 203.0.113.9"), "203.0.113.9");
  EXPECT_EQ(of("203.0.113.9:4711"), "203.0.113.9");
  EXPECT_EQ(of("2001:DB8::7, fd00::1"), "2001:db8::7");
  EXPECT_EQ(of("[2001:db8::7]:4711"), "2001:db8::7");
  EXPECT_EQ(of("::ffff:203.0.113.9"), "203.0.113.9");
  EXPECT_EQ(client(proxies, {{"x-forwarded-for", "198.51.100.1"}, {"host", "a"}, {"x-forwarded-for", "203.0.113.9"}}),
            "203.0.113.9");
}

TEST(Proxies, AskForThemselvesWhereNobodyElseDoes) {
  const Proxies proxies({"10.0.0.0/8"});
  EXPECT_EQ(client(proxies, {}), "10.0.0.7");
  EXPECT_EQ(client(proxies, {{"x-forwarded-for", "10.0.0.3, 10.0.0.5"}}), "10.0.0.3");
  EXPECT_EQ(client(proxies, {{"forwarded", "for=203.0.113.9"}}), "10.0.0.7");
}

TEST(Proxies, ThatTellNoAddressAreRefused) {
  const Proxies proxies({"10.0.0.0/8"});
  for (const char* wrong : {"", "unknown", "203.0.113.9,", "203.0.113.9, 10.0.0.3, x", "[", "[]", ":", "203.0.113"})
    EXPECT_THROW(client(proxies, {{"x-forwarded-for", wrong}}), Refusal) << wrong;
}

TEST(Proxies, MustHaveBeenAskedOverTlsOnEveryHop) {
  for (const char* good : {"https", "HTTPS", "https, https"})
    EXPECT_NO_THROW(check_forwarded_over_tls({{"x-forwarded-proto", good}})) << good;
  for (const char* wrong : {"http", "", "https, http", "http,https", "https,", "httpss", "wss"})
    EXPECT_THROW(check_forwarded_over_tls({{"x-forwarded-proto", wrong}}), Refusal) << wrong;
  EXPECT_THROW(check_forwarded_over_tls({}), Refusal);
  EXPECT_THROW(check_forwarded_over_tls({{"x-forwarded-proto", "https"}, {"x-forwarded-proto", "http"}}), Refusal);
}

TEST(Proxies, MayGiveTheHostThatTheyWereAskedBy) {
  EXPECT_EQ(with_forwarded_host({{"host", "a"}, {"accept", "b"}}), (Fields{{"host", "a"}, {"accept", "b"}}));
  EXPECT_EQ(with_forwarded_host({{"host", "a"}, {"x-forwarded-host", "b"}}), (Fields{{"host", "b"}}));
}

}  // namespace
}  // namespace naevus::server
