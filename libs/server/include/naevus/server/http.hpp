#pragma once
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace naevus::server {

/// Names and values in the order in which they came; of header fields the names are in lower case.
using Fields = std::vector<std::pair<std::string, std::string>>;

/// The first value of that name.
std::optional<std::string> find(const Fields& fields, std::string_view name);

/// Of a request what is known before its body is read.
struct Head {
  std::string id;                 ///< made here; the answer's X-Request-Id
  std::string address;            ///< the client's, as a trusted proxy tells it where there is one
  std::string method;             ///< "GET"; HEAD comes as GET
  std::vector<std::string> path;  ///< segments, percent-decoded: {"api", "v1", "predictions"}
  Fields query;                   ///< percent-decoded
  Fields fields;                  ///< what came before the body; trailers are dropped
};

/// Path and query of an origin-form target ("/v2/models/a%20b?x=1") into segments and pairs.
/// @throws Refusal 400 where it has no such form, or an escape, a control character or a segment makes no sense
void read_target(std::string_view target, Head& head);

struct News {
  std::string text;   ///< as the client is to read it; may be empty
  bool last = false;  ///< nothing will follow
};

/// Asks what is new, and calls back once, from any thread; must not block.
using NewsSource = std::function<void(std::function<void(News)>)>;

/// Bytes that many answers may share.
struct SharedBytes {
  SharedBytes() = default;
  /// Those that are there as long as the server.
  explicit SharedBytes(std::string_view lasting) : bytes(lasting) {}
  explicit SharedBytes(std::shared_ptr<const std::vector<std::byte>> content)
      : bytes(reinterpret_cast<const char*>(content->data()), content->size()), owner(std::move(content)) {}

  std::string_view bytes;
  std::shared_ptr<const void> owner;  ///< keeps them
};

struct Response {
  unsigned status = 200;
  std::string content_type;
  std::string body;
  Fields fields = {};        ///< further ones
  std::string refusal = {};  ///< its kind, for logs and metrics; empty where the request was answered as asked
  /// Where there is one, the body is its news, asked for once a second until the last, the client's leaving or the
  /// server's end.
  NewsSource news = {};
  SharedBytes large = {};  ///< where there are any, they are the body: sent in pieces and without a copy
};

/// A request that is not answered as asked: RFC 9457 problem details.
class Refusal : public std::exception {
 public:
  /// @param kind    its name in `type`, for programs: "queue-full"
  /// @param detail  what is wrong, and where: "the field `age` is 212"
  /// @param advice  what to do; may be empty
  Refusal(unsigned status, std::string kind, std::string detail, std::string advice = {}, Fields fields = {});

  unsigned status() const { return status_; }
  const std::string& kind() const { return kind_; }
  const std::string& detail() const { return detail_; }
  const std::string& advice() const { return advice_; }
  const Fields& fields() const { return fields_; }
  const char* what() const noexcept override { return detail_.c_str(); }

 private:
  unsigned status_;
  std::string kind_, detail_, advice_;
  Fields fields_;
};

/// `application/problem+json` with `type`, `title`, `status`, `detail`, `advice` and `request_id`.
Response response_of(const Refusal& refusal, const std::string& request_id);

/// The reason phrase of RFC 9110, "Content Too Large"; "Error" for what has none.
std::string_view reason_of(unsigned status);

/// A request whose body is there, and the way to answer it.
struct Exchange {
  std::shared_ptr<const Head> head;
  std::string body;
  std::chrono::steady_clock::time_point begin;         ///< when its header had been read
  std::shared_ptr<const std::atomic<bool>> abandoned;  ///< the client is gone: nobody waits for the answer
  std::function<void(Response)> reply;                 ///< to be called once, from any thread

  /// reply(response_of(refusal)).
  void refuse(const Refusal& refusal) const;
};

/// What is to be done with a request whose header alone was read.
struct Plan {
  std::optional<Refusal> refusal;  ///< answered without reading the body
  std::uint64_t body_limit = 0;    ///< bytes; of a frame where it is live
  bool live = false;               ///< a WebSocket: `run` is called for each frame, its answer's body is sent as text
  std::function<void(std::shared_ptr<Exchange>)> run;  ///< called on a network thread: must not block
};

/// Judges a request by its header. Called on a network thread: must not block; `done` may be called from any thread.
using Judge = std::function<void(std::shared_ptr<const Head>, std::function<void(Plan)> done)>;

}  // namespace naevus::server
