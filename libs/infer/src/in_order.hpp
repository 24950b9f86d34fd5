#pragma once
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>

#include "naevus/base/parallel.hpp"

namespace naevus::infer {

/// Makes items [0, count) on the pool's threads and hands them over in order, one at a time. Making never runs further
/// ahead of handing over than a few items a thread. The first exception of either ends the work and is thrown here.
template <typename Item>
void in_order(WorkerPool& pool, std::size_t count, const std::function<Item(std::size_t)>& make,
              const std::function<void(std::size_t, Item)>& take) {
  const std::size_t window = 16 * static_cast<std::size_t>(pool.threads());
  std::mutex mutex;
  std::condition_variable moved;
  std::map<std::size_t, Item> ready;
  std::size_t begun = 0, taken = 0;
  bool failed = false;

  // The thread that makes the item which is waited for never waits itself, so that there is always one that goes on.
  const auto work = [&] {
    std::unique_lock lock(mutex);
    while (true) {
      moved.wait(lock, [&] { return failed || begun == count || begun < taken + window; });
      if (failed || begun == count) return;
      const std::size_t index = begun++;
      lock.unlock();
      Item item = make(index);
      lock.lock();
      ready.emplace(index, std::move(item));
      for (auto first = ready.begin(); !failed && first != ready.end() && first->first == taken;
           first = ready.begin()) {
        auto node = ready.extract(first);
        take(node.key(), std::move(node.mapped()));
        ++taken;
      }
      moved.notify_all();
    }
  };
  pool.for_each(static_cast<std::size_t>(pool.threads()), [&](std::size_t) {
    try {
      work();
    } catch (...) {
      const std::lock_guard lock(mutex);
      failed = true;
      moved.notify_all();
      throw;
    }
  });
}

}  // namespace naevus::infer
