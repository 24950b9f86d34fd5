#pragma once
#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <string>

namespace naevus::server {

/// A bucket of requests for each caller, which fills evenly.
class RateLimit {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// A second's worth in the bucket. @param per_second  0: no limit
  explicit RateLimit(double per_second) : RateLimit(per_second, std::max(1.0, per_second)) {}
  /// @param most  that the bucket holds, filled within a minute
  RateLimit(double per_second, double most) : per_second_(per_second), most_(most) {}

  /// Seconds that the caller has to wait; 0 where the request is welcome, which is counted then.
  double wait(const std::string& caller, Time now);

 private:
  struct Bucket {
    double tokens;
    Time filled;
  };
  double per_second_, most_;
  std::mutex mutex_;
  std::map<std::string, Bucket> buckets_;
};

}  // namespace naevus::server
