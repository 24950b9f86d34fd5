#pragma once
#include <chrono>
#include <map>
#include <mutex>
#include <string>

namespace naevus::server {

/// A bucket of requests for each caller: it holds a second's worth and fills evenly.
class RateLimit {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// @param per_second  0: no limit
  explicit RateLimit(double per_second) : per_second_(per_second) {}

  /// Seconds that the caller has to wait; 0 where the request is welcome, which is counted then.
  double wait(const std::string& caller, Time now);

 private:
  struct Bucket {
    double tokens;
    Time filled;
  };
  double per_second_;
  std::mutex mutex_;
  std::map<std::string, Bucket> buckets_;
};

}  // namespace naevus::server
