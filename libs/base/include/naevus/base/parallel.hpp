#pragma once
#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <utility>

namespace naevus {

/// Cores that this process may use: the affinity mask, and a container's quota where one is set; at least 1.
int available_cores();

/// A request to stop, shared by those who make it and those who look.
class StopToken {
 public:
  StopToken() : StopToken(std::make_shared<std::atomic<bool>>(false)) {}
  explicit StopToken(std::shared_ptr<std::atomic<bool>> flag) : flag_(std::move(flag)) {}
  void request() { flag_->store(true); }
  bool requested() const { return flag_->load(); }
  /// @throws Cancelled if a stop was requested
  void check() const;

 private:
  std::shared_ptr<std::atomic<bool>> flag_;
};

/// The token that SIGINT and SIGTERM set (a second SIGINT ends the process at once). Installed on first use.
StopToken interrupt_token();

/// A bounded pool of threads (a TBB arena). One per command; parts of it are shared by reference.
class WorkerPool {
 public:
  /// @param threads  0: available_cores()
  explicit WorkerPool(int threads = 0);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  int threads() const;

  /// Calls task(i) for every i in [0, count), in no order, on at most threads() threads; the caller's is one of them.
  /// Items are handed out one by one. The first exception ends the rest and is thrown again here.
  void for_each(std::size_t count, const std::function<void(std::size_t)>& task);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace naevus
