#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "naevus/base/parallel.hpp"

namespace naevus::app {

/// Of an HTTP request what a page of this machine's own needs. Header fields that were not sent are empty.
struct PageRequest {
  std::string method;  ///< "GET"
  std::string target;  ///< as it was sent, with the query
  std::string host, origin, content_type;
  std::string body;
};

struct PageResponse {
  unsigned status = 200;
  std::string content_type;
  std::string body;
};

/// HTTP/1.1 on 127.0.0.1 for the one person at this machine. One thread does everything, so that the handler needs no
/// lock; a client that is slow, silent or sends rubbish keeps nobody waiting: whatever is not there after 10 seconds is
/// given up, headers over 8 KiB are answered with 431, bodies over 16 KiB with 413, and the 33rd connection waits.
class PageServer {
 public:
  using Handler = std::function<PageResponse(const PageRequest&)>;

  /// Listens from here on.
  /// @param port  0: one that is free
  /// @throws IoError if the port can't be had
  explicit PageServer(std::uint16_t port);
  ~PageServer();
  PageServer(const PageServer&) = delete;
  PageServer& operator=(const PageServer&) = delete;

  std::uint16_t port() const;

  /// Answers requests until a stop is requested. What the handler throws is answered with 500.
  void run(const Handler& handler, const StopToken& stop);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace naevus::app
