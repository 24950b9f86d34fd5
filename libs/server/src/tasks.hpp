#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace naevus::server {

/// Threads for what blocks: the database, the disk. What waits is bounded by the connections: each has one request
/// under way.
class Tasks {
 public:
  explicit Tasks(int threads);
  /// Finishes what was posted.
  ~Tasks();
  Tasks(const Tasks&) = delete;
  Tasks& operator=(const Tasks&) = delete;

  /// @param task  must not throw
  void post(std::function<void()> task);

 private:
  void run();

  std::mutex mutex_;
  std::condition_variable news_;
  std::deque<std::function<void()>> waiting_;
  bool ending_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace naevus::server
