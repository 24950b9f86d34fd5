#pragma once
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "trainer.hpp"

namespace naevus::train {

/// Makes batches ahead of those who compute, on its own threads, and hands them out in order. What a batch holds must
/// depend on its number alone; then it does not depend on the threads.
class Loader {
 public:
  using Make = std::function<Batch(std::size_t number)>;

  /// Batches of the numbers [first, last).
  /// @param ahead  batches that may wait
  Loader(std::size_t first, std::size_t last, int threads, std::size_t ahead, Make make);
  ~Loader();
  Loader(const Loader&) = delete;
  Loader& operator=(const Loader&) = delete;

  /// The next batch. @throws what making it threw
  Batch next();

 private:
  void work();

  std::mutex mutex_;
  std::condition_variable made_, wanted_;
  Make make_;
  std::size_t given_, started_, last_, ahead_;
  std::map<std::size_t, Batch> ready_;
  std::exception_ptr failure_;
  bool stop_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace naevus::train
