#include "rate.hpp"

#include <algorithm>

namespace naevus::server {

double RateLimit::wait(const std::string& caller, Time now) {
  if (per_second_ <= 0) return 0;
  const std::lock_guard lock(mutex_);
  constexpr std::size_t many = 10'000;
  if (buckets_.size() > many)  // full buckets are as good as none
    std::erase_if(buckets_, [&](const auto& one) { return now - one.second.filled > std::chrono::minutes(1); });
  Bucket& bucket = buckets_.try_emplace(caller, Bucket{most_, now}).first->second;
  bucket.tokens =
      std::min(most_, bucket.tokens + per_second_ * std::chrono::duration<double>(now - bucket.filled).count());
  bucket.filled = now;
  if (bucket.tokens < 1) return (1 - bucket.tokens) / per_second_;
  --bucket.tokens;
  return 0;
}

}  // namespace naevus::server
