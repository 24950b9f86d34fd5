#include "tasks.hpp"

namespace naevus::server {

Tasks::Tasks(int threads) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

Tasks::~Tasks() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  news_.notify_all();
  threads_.clear();
}

void Tasks::post(std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(task));
  }
  news_.notify_one();
}

void Tasks::run() {
  for (;;) {
    std::unique_lock lock(mutex_);
    news_.wait(lock, [&] { return ending_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    const auto task = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    task();
  }
}

}  // namespace naevus::server
