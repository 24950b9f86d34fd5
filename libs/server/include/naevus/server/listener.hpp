#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "naevus/server/http.hpp"

namespace naevus::server {

/// Certificate chain and private key, PEM.
struct TlsFiles {
  std::string certificate, key;
};

/// Whether only this machine can reach that address.
bool is_loopback(const std::string& address);

struct ListenerLimits {
  std::uint32_t header_bytes = 16 << 10;
  int header_fields = 100;
  int connections = 1024;                           ///< further ones wait in the system's queue
  int connections_per_address = 256;                ///< further ones are closed with a 503
  std::uint64_t bodies = std::uint64_t{512} << 20;  ///< bytes of all bodies that are being read or answered
  std::chrono::milliseconds idle{60'000};           ///< between requests of a connection
  std::chrono::milliseconds header{10'000};  ///< from a request's first byte to its header's end; a TLS handshake
  std::chrono::milliseconds body{30'000};
  std::chrono::milliseconds write{30'000};
};

struct ListenerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;       ///< 0: one that is free
  std::vector<std::string> names;  ///< further names that clients may call us by (Host, Origin); address always is one
  TlsFiles tls;                    ///< empty: plain HTTP
  /// Addresses and networks ("10.0.0.7", "fd00::/64") of what ends TLS before us: then they alone may connect, and say
  /// in X-Forwarded-For and X-Forwarded-Proto who asks, and that it was over HTTPS.
  std::vector<std::string> trusted_proxies;
  int threads = 2;
  ListenerLimits limits;
};

/// HTTP/1.1 and WebSockets. Its threads parse and write; what they read goes to the judge's plan. Whatever is over a
/// limit, malformed, not addressed to us (Host) or sent by another page (Origin) is answered here.
class Listener {
 public:
  /// Told of each request that ended (for logs and metrics), from any thread.
  struct Ended {
    std::shared_ptr<const Head> head;  ///< what could be read of it; empty where a connection was turned away
    unsigned status = 0;
    std::string_view refusal;  ///< its kind; empty where the request was answered as asked
    double seconds = 0;
  };
  using OnEnd = std::function<void(const Ended&)>;

  /// Binds the port; serves nobody yet.
  /// @throws IoError if the port or the address can't be had; InputError if certificate and key can't be used;
  ///         UsageError if a trusted proxy is no address or network
  explicit Listener(const ListenerOptions& options);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  std::uint16_t port() const;
  /// "http://127.0.0.1:8080"
  std::string url() const;

  /// Starts the threads. `judge` and `on_end` must outlive them.
  void start(Judge judge, OnEnd on_end);

  /// Takes no new connection and no further request of an old one, waits until those under way are answered, at most
  /// that long, then ends the threads. True: all were answered.
  bool drain(std::chrono::milliseconds patience);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace naevus::server
