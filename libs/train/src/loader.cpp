#include "loader.hpp"

#include <utility>

namespace naevus::train {

Loader::Loader(std::size_t first, std::size_t last, int threads, std::size_t ahead, Make make)
    : make_(std::move(make)), given_(first), started_(first), last_(last), ahead_(ahead) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

Loader::~Loader() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wanted_.notify_all();
  for (auto& thread : threads_) thread.join();
}

Batch Loader::next() {
  std::unique_lock lock(mutex_);
  made_.wait(lock, [this] { return ready_.contains(given_) || failure_; });
  if (failure_) std::rethrow_exception(failure_);
  Batch batch = std::move(ready_.extract(given_++).mapped());
  lock.unlock();
  wanted_.notify_all();
  return batch;
}

void Loader::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    wanted_.wait(lock, [this] { return stop_ || failure_ || (started_ < last_ && started_ < given_ + ahead_); });
    if (stop_ || failure_) return;
    const std::size_t number = started_++;
    lock.unlock();
    Batch batch;
    std::exception_ptr failure;
    try {
      batch = make_(number);
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    if (failure) failure_ = failure;
    ready_.emplace(number, std::move(batch));
    made_.notify_all();
  }
}

}  // namespace naevus::train
